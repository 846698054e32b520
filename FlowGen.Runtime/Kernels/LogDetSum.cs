using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The sum of log-determinants: one serial chain per sample, with the rounding error of each addition kept in a second sum
/// (Knuth's TwoSum). The chain is the same in every lane and on the single-sample path.
/// </summary>
/// <remarks>Once the sum is infinite its error is undefined and counts as zero, so that it stays infinite instead of becoming NaN.</remarks>
internal static class LogDetSum
{
    /// <summary>Adds one value in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<V>(V value, ref V high, ref V low)
        where V : struct, IVec<V>
    {
        V sum = high + value;
        V part = sum - high;
        V error = (high - (sum - part)) + (value - part);
        low += V.And(error, V.Equal(error, error));
        high = sum;
    }

    /// <summary>Adds one value of one sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float value, ref float high, ref float low)
    {
        float sum = high + value;
        float part = sum - high;
        float error = (high - (sum - part)) + (value - part);
        low += float.IsNaN(error) ? 0 : error;
        high = sum;
    }

    /// <summary>Adds the lanes of a vector, coordinates of one sample, one after another.</summary>
    /// <remarks>
    /// The sums are a chain, their errors are not: those of four come at once. What counts here are instructions, which keep the processor from running ahead into the
    /// next layer's weights.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddInOrder<V>(V values, nint count, ref float high, ref float low)
        where V : struct, IVec<V>
    {
        ref float value = ref Unsafe.As<V, float>(ref values);
        float sumHigh = high;
        float sumLow = low;
        nint i = 0;
        if (V.Count >= 4)
        {
            for (; i <= count - 4; i += 4)
            {
                var addends = Vector128.LoadUnsafe(ref value, (nuint)i);
                float first = sumHigh + Unsafe.Add(ref value, i);
                float second = first + Unsafe.Add(ref value, i + 1);
                float third = second + Unsafe.Add(ref value, i + 2);
                float fourth = third + Unsafe.Add(ref value, i + 3);
                var before = Vector128.Create(sumHigh, first, second, third);
                var after = Vector128.Create(first, second, third, fourth);
                var part = after - before;
                var errors = (before - (after - part)) + (addends - part);
                sumLow += errors.ToScalar();
                sumLow += errors.GetElement(1);
                sumLow += errors.GetElement(2);
                sumLow += errors.GetElement(3);
                sumHigh = fourth;
            }
        }

        for (; i < count; i++)
        {
            float sum = sumHigh + Unsafe.Add(ref value, i);
            float part = sum - sumHigh;
            sumLow += (sumHigh - (sum - part)) + (Unsafe.Add(ref value, i) - part);
            sumHigh = sum;
        }

        if (!float.IsFinite(sumHigh))
        {
            AddCarefully(ref value, count, ref high, ref low);
            return;
        }

        high = sumHigh;
        low = sumLow;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddCarefully(ref float value, nint count, ref float high, ref float low)
    {
        for (nint i = 0; i < count; i++)
        {
            Add(Unsafe.Add(ref value, i), ref high, ref low);
        }
    }

    /// <summary>Adds a constant, given as the sum of two floats, to every sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddConstant(ref Tile t, float high, float low)
    {
        if (t.Lanes == 1)
        {
            ref float sum = ref t.LogDet;
            Add(high, ref sum, ref Unsafe.Add(ref sum, 1));
            Unsafe.Add(ref sum, 1) += low;
        }
        else
        {
            var kernel = new Constant(high, low);
            KernelWidth.OverLanes(ref t, ref kernel);
        }
    }

    /// <summary>Adds a constant to every sample.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddConstant(ref Tile t, double value)
    {
        float high = (float)value;
        AddConstant(ref t, high, (float)(value - high));
    }

    private readonly struct Constant(float high, float low) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            ref float sums = ref t.LogDet;
            V addend = V.Create(high);
            V rest = V.Create(low);
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V sumHigh = V.Load(ref sums, lane);
                V sumLow = V.Load(ref sums, lanes + lane);
                Add(addend, ref sumHigh, ref sumLow);
                V.Store(sumHigh, ref sums, lane);
                V.Store(sumLow + rest, ref sums, lanes + lane);
            }
        }
    }
}
