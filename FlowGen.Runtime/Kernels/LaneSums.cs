using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Sums over the lanes of several vectors at once: a third of the work of one after the other.</summary>
internal static class LaneSums
{
    /// <summary>Adds the sums of the lanes of four vectors to four neighbours, in an order fixed for the width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void AddFour<V>(V a, V b, V c, V d, ref float destination)
        where V : struct, IVec<V>
    {
        Vector128<float> sums;
        if (typeof(V) == typeof(Vec512) && Avx512F.IsSupported)
        {
            Vector512<float> quarters = Quarters(
                Unsafe.BitCast<V, Vector512<float>>(a), Unsafe.BitCast<V, Vector512<float>>(b), Unsafe.BitCast<V, Vector512<float>>(c), Unsafe.BitCast<V, Vector512<float>>(d));
            Vector256<float> halves = quarters.GetLower() + quarters.GetUpper();
            sums = halves.GetLower() + halves.GetUpper();
        }
        else if (typeof(V) == typeof(Vec256) && Avx.IsSupported)
        {
            Vector256<float> halves = Halves(
                Unsafe.BitCast<V, Vector256<float>>(a), Unsafe.BitCast<V, Vector256<float>>(b), Unsafe.BitCast<V, Vector256<float>>(c), Unsafe.BitCast<V, Vector256<float>>(d));
            sums = halves.GetLower() + halves.GetUpper();
        }
        else if (typeof(V) == typeof(Vec128) && (Sse.IsSupported || AdvSimd.Arm64.IsSupported))
        {
            sums = Sums(
                Unsafe.BitCast<V, Vector128<float>>(a), Unsafe.BitCast<V, Vector128<float>>(b), Unsafe.BitCast<V, Vector128<float>>(c), Unsafe.BitCast<V, Vector128<float>>(d));
        }
        else
        {
            sums = Vector128.Create(V.Sum(a), V.Sum(b), V.Sum(c), V.Sum(d));
        }

        (Vector128.LoadUnsafe(ref destination) + sums).StoreUnsafe(ref destination);
    }

    // Each quarter of the result holds the sums of a, b, c and d over that quarter.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        Vector512<double> ab = (Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b)).AsDouble();
        Vector512<double> cd = (Avx512F.UnpackLow(c, d) + Avx512F.UnpackHigh(c, d)).AsDouble();
        return Avx512F.UnpackLow(ab, cd).AsSingle() + Avx512F.UnpackHigh(ab, cd).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        Vector256<double> ab = (Avx.UnpackLow(a, b) + Avx.UnpackHigh(a, b)).AsDouble();
        Vector256<double> cd = (Avx.UnpackLow(c, d) + Avx.UnpackHigh(c, d)).AsDouble();
        return Avx.UnpackLow(ab, cd).AsSingle() + Avx.UnpackHigh(ab, cd).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sums(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        if (Sse.IsSupported)
        {
            Vector128<float> ab = Sse.UnpackLow(a, b) + Sse.UnpackHigh(a, b);
            Vector128<float> cd = Sse.UnpackLow(c, d) + Sse.UnpackHigh(c, d);
            return Sse.MoveLowToHigh(ab, cd) + Sse.MoveHighToLow(cd, ab);
        }

        return AdvSimd.Arm64.AddPairwise(AdvSimd.Arm64.AddPairwise(a, b), AdvSimd.Arm64.AddPairwise(c, d));
    }

    /// <summary>sums[row] += the sum over the lanes of each row, in a fixed order: the gradient by a bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void AddRows<V>(ref float rows, nint stride, nint lanes, int count, ref float sums)
        where V : struct, IVec<V>
    {
        for (; count >= 4; count -= 4)
        {
            V s0 = V.Zero;
            V s1 = V.Zero;
            V s2 = V.Zero;
            V s3 = V.Zero;
            ref float next = ref Unsafe.Add(ref rows, 2 * stride);
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                s0 += V.Load(ref rows, lane);
                s1 += V.Load(ref rows, stride + lane);
                s2 += V.Load(ref next, lane);
                s3 += V.Load(ref next, stride + lane);
            }

            AddFour(s0, s1, s2, s3, ref sums);
            rows = ref Unsafe.Add(ref rows, 4 * stride);
            sums = ref Unsafe.Add(ref sums, 4);
        }

        for (; count > 0; count--)
        {
            V sum = V.Zero;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                sum += V.Load(ref rows, lane);
            }

            sums += V.Sum(sum);
            rows = ref Unsafe.Add(ref rows, stride);
            sums = ref Unsafe.Add(ref sums, 1);
        }
    }
}
