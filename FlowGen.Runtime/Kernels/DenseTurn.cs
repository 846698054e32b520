using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FlowGen.Kernels;

/// <summary>A block of a tile turned over: from [rows, lanes] to [lanes, rows].</summary>
internal static class DenseTurn
{
    /// <summary>turned[lane, row] = x[row, lane], and finite numbers behind each row of the result up to a multiple of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Turn(ref float x, nint stride, int rows, int lanes, ref float turned, nint turnedStride)
    {
        for (int row = 0; row < rows; row += 16)
        {
            ref float from = ref Unsafe.Add(ref x, row * stride);
            ref float to = ref Unsafe.Add(ref turned, row);
            if (Avx512F.IsSupported && (lanes & 15) == 0)
            {
                Sixteen(ref from, stride, rows - row, lanes, ref to, turnedStride);
            }
            else
            {
                Quarters(ref from, stride, Math.Min(rows - row, 16), 16, lanes, ref to, turnedStride);
            }
        }
    }

    /// <summary>The same for at most 16 rows, with zeros behind them up to <paramref name="wanted"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Turn(ref float x, nint stride, int rows, int wanted, int lanes, ref float turned, nint turnedStride)
    {
        int lane = 0;
        if (Avx512F.IsSupported && rows == 16)
        {
            lane = lanes & ~15;
            Sixteen(ref x, stride, rows, lane, ref turned, turnedStride);
        }

        Quarters(ref Unsafe.Add(ref x, lane), stride, rows, wanted, lanes - lane, ref Unsafe.Add(ref turned, lane * turnedStride), turnedStride);
    }

    // 16 rows of 16 lanes in registers: whole cache lines are read and written. Behind the last row come copies of it.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe void Sixteen(ref float x, nint stride, int rows, int lanes, ref float turned, nint turnedStride)
    {
        nint* offsets = stackalloc nint[16];
        for (int row = 0; row < 16; row++)
        {
            offsets[row] = Math.Min(row, rows - 1) * stride;
        }

        for (nint lane = 0; lane < lanes; lane += 16)
        {
            Turn(ref x, offsets, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
            Turn(ref x, offsets + 4, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
            Turn(ref x, offsets + 8, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
            Turn(ref x, offsets + 12, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
            x = ref Unsafe.Add(ref x, 16);

            ref float to = ref turned;
            Store(a0, b0, c0, d0, ref to, turnedStride);
            to = ref Unsafe.Add(ref to, turnedStride);
            Store(a1, b1, c1, d1, ref to, turnedStride);
            to = ref Unsafe.Add(ref to, turnedStride);
            Store(a2, b2, c2, d2, ref to, turnedStride);
            to = ref Unsafe.Add(ref to, turnedStride);
            Store(a3, b3, c3, d3, ref to, turnedStride);
            turned = ref Unsafe.Add(ref turned, 16 * turnedStride);
        }
    }

    // Four rows, each quarter of 4 x 4 turned over: result i holds lanes i, 4 + i, 8 + i and 12 + i.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Turn(ref float x, nint* offsets, out Vector512<float> r0, out Vector512<float> r1, out Vector512<float> r2, out Vector512<float> r3)
    {
        Vector512<float> x0 = Vector512.LoadUnsafe(ref x, (nuint)offsets[0]);
        Vector512<float> x1 = Vector512.LoadUnsafe(ref x, (nuint)offsets[1]);
        Vector512<float> x2 = Vector512.LoadUnsafe(ref x, (nuint)offsets[2]);
        Vector512<float> x3 = Vector512.LoadUnsafe(ref x, (nuint)offsets[3]);
        Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
        Vector512<double> high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
        r0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        r1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        r2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        r3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    // Quarter j of the four vectors is row 4 j of the result.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, ref float to, nint stride)
    {
        Vector512<float> ab01 = Avx512F.Shuffle4x128(a, b, 0b01_00_01_00);
        Vector512<float> ab23 = Avx512F.Shuffle4x128(a, b, 0b11_10_11_10);
        Vector512<float> cd01 = Avx512F.Shuffle4x128(c, d, 0b01_00_01_00);
        Vector512<float> cd23 = Avx512F.Shuffle4x128(c, d, 0b11_10_11_10);
        Avx512F.Shuffle4x128(ab01, cd01, 0b10_00_10_00).StoreUnsafe(ref to);
        Avx512F.Shuffle4x128(ab01, cd01, 0b11_01_11_01).StoreUnsafe(ref to, (nuint)(4 * stride));
        Avx512F.Shuffle4x128(ab23, cd23, 0b10_00_10_00).StoreUnsafe(ref to, (nuint)(8 * stride));
        Avx512F.Shuffle4x128(ab23, cd23, 0b11_01_11_01).StoreUnsafe(ref to, (nuint)(12 * stride));
    }

    // Four lanes at a time, in quarters of four rows, so that a cache line of the result is finished while it is near.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Quarters(ref float x, nint stride, int rows, int wanted, int lanes, ref float turned, nint turnedStride)
    {
        bool quarters = Sse.IsSupported || AdvSimd.Arm64.IsSupported;
        for (nint lane = 0; lane < lanes;)
        {
            int row = 0;
            int lanesAtOnce = quarters && lane <= lanes - 4 ? 4 : 1;
            ref float from = ref Unsafe.Add(ref x, lane);
            for (; lanesAtOnce == 4 && row <= rows - 4; row += 4)
            {
                Quarter(ref from, stride, ref Unsafe.Add(ref turned, row), turnedStride);
                from = ref Unsafe.Add(ref from, 4 * stride);
            }

            for (; row < wanted; row++)
            {
                for (nint i = 0; i < lanesAtOnce; i++)
                {
                    Unsafe.Add(ref turned, (i * turnedStride) + row) = row < rows ? Unsafe.Add(ref from, i) : 0;
                }

                from = ref Unsafe.Add(ref from, row < rows - 1 ? stride : 0);
            }

            lane += lanesAtOnce;
            turned = ref Unsafe.Add(ref turned, lanesAtOnce * turnedStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref float x, nint stride, ref float turned, nint turnedStride)
    {
        ref float second = ref Unsafe.Add(ref x, 2 * stride);
        Vector128<float> r0 = Vector128.LoadUnsafe(ref x);
        Vector128<float> r1 = Vector128.LoadUnsafe(ref x, (nuint)stride);
        Vector128<float> r2 = Vector128.LoadUnsafe(ref second);
        Vector128<float> r3 = Vector128.LoadUnsafe(ref second, (nuint)stride);
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
            Vector128<float> low02 = AdvSimd.Arm64.ZipLow(r0, r2);
            Vector128<float> low13 = AdvSimd.Arm64.ZipLow(r1, r3);
            Vector128<float> high02 = AdvSimd.Arm64.ZipHigh(r0, r2);
            Vector128<float> high13 = AdvSimd.Arm64.ZipHigh(r1, r3);
            r0 = AdvSimd.Arm64.ZipLow(low02, low13);
            r1 = AdvSimd.Arm64.ZipHigh(low02, low13);
            r2 = AdvSimd.Arm64.ZipLow(high02, high13);
            r3 = AdvSimd.Arm64.ZipHigh(high02, high13);
        }

        ref float last = ref Unsafe.Add(ref turned, 2 * turnedStride);
        r0.StoreUnsafe(ref turned);
        r1.StoreUnsafe(ref turned, (nuint)turnedStride);
        r2.StoreUnsafe(ref last);
        r3.StoreUnsafe(ref last, (nuint)turnedStride);
    }
}
