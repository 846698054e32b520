using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FlowGen.Kernels;

/// <summary>A block of a tile turned over: from [rows, lanes] to [lanes, rows].</summary>
internal static class DenseTurn
{
    /// <summary>turned[lane, row] = x[row, lane], and zeros behind each row of the result up to a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Turn(ref float x, nint stride, int rows, int lanes, ref float turned, nint turnedStride)
    {
        int row = 0;
        if ((lanes & 3) == 0 && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            for (; row <= rows - 4; row += 4)
            {
                Four(ref Unsafe.Add(ref x, row * stride), stride, lanes, ref Unsafe.Add(ref turned, row), turnedStride);
            }
        }

        for (; row < rows; row++)
        {
            One(ref Unsafe.Add(ref x, row * stride), lanes, ref Unsafe.Add(ref turned, row), turnedStride);
        }

        for (; (row & 15) != 0; row++)
        {
            Clear(lanes, ref Unsafe.Add(ref turned, row), turnedStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Four(ref float x, nint stride, int lanes, ref float turned, nint turnedStride)
    {
        ref float second = ref Unsafe.Add(ref x, 2 * stride);
        for (nint lane = 0; lane < lanes; lane += 4)
        {
            Vector128<float> r0 = Vector128.LoadUnsafe(ref x, (nuint)lane);
            Vector128<float> r1 = Vector128.LoadUnsafe(ref x, (nuint)(stride + lane));
            Vector128<float> r2 = Vector128.LoadUnsafe(ref second, (nuint)lane);
            Vector128<float> r3 = Vector128.LoadUnsafe(ref second, (nuint)(stride + lane));
            if (Sse.IsSupported)
            {
                Vector128<float> low01 = Sse.UnpackLow(r0, r1);
                Vector128<float> low23 = Sse.UnpackLow(r2, r3);
                Vector128<float> high01 = Sse.UnpackHigh(r0, r1);
                Vector128<float> high23 = Sse.UnpackHigh(r2, r3);
                r0 = Sse.MoveLowToHigh(low01, low23);
                r1 = Sse.MoveHighToLow(low23, low01);
                r2 = Sse.MoveLowToHigh(high01, high23);
                r3 = Sse.MoveHighToLow(high23, high01);
            }
            else
            {
                Vector128<float> even02 = AdvSimd.Arm64.ZipLow(r0, r2);
                Vector128<float> even13 = AdvSimd.Arm64.ZipLow(r1, r3);
                Vector128<float> odd02 = AdvSimd.Arm64.ZipHigh(r0, r2);
                Vector128<float> odd13 = AdvSimd.Arm64.ZipHigh(r1, r3);
                r0 = AdvSimd.Arm64.ZipLow(even02, even13);
                r1 = AdvSimd.Arm64.ZipHigh(even02, even13);
                r2 = AdvSimd.Arm64.ZipLow(odd02, odd13);
                r3 = AdvSimd.Arm64.ZipHigh(odd02, odd13);
            }

            r0.StoreUnsafe(ref turned);
            r1.StoreUnsafe(ref turned, (nuint)turnedStride);
            turned = ref Unsafe.Add(ref turned, 2 * turnedStride);
            r2.StoreUnsafe(ref turned);
            r3.StoreUnsafe(ref turned, (nuint)turnedStride);
            turned = ref Unsafe.Add(ref turned, 2 * turnedStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void One(ref float x, int lanes, ref float turned, nint turnedStride)
    {
        for (nint lane = 0; lane < lanes; lane++)
        {
            turned = Unsafe.Add(ref x, lane);
            turned = ref Unsafe.Add(ref turned, turnedStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Clear(int lanes, ref float turned, nint turnedStride)
    {
        for (nint lane = 0; lane < lanes; lane++)
        {
            turned = 0;
            turned = ref Unsafe.Add(ref turned, turnedStride);
        }
    }
}
