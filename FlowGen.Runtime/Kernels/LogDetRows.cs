using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The logarithms of a diagonal, coordinate by coordinate: what a module of a <see cref="Sum"/> collects in <see cref="Tile.LogDetRows"/>.</summary>
internal static class LogDetRows
{
    /// <summary>Adds the logarithm of one positive number for each row, or takes it away.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="size">The number of rows.</param>
    /// <param name="diagonal">The numbers <c>[size]</c>, padded to 16.</param>
    /// <param name="ofInverses">Whether they are 1 / d.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddLogarithms(ref Tile t, int size, ref float diagonal, bool ofInverses = false)
    {
        nint offset = Unsafe.ByteOffset(ref t.Weights, ref diagonal) / sizeof(float);
        var kernel = new OfRows(size, offset, ofInverses);
        if (t.Lanes == 1)
        {
            KernelWidth.OverCoordinates(ref t, ref kernel);
        }
        else
        {
            KernelWidth.OverLanes(ref t, ref kernel);
        }
    }

    /// <summary>Adds the logarithms of a whole block of positive numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddLogarithms<V>(ref float diagonal, ref float sums, nint count)
        where V : struct, IVec<V>
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            V.Store(V.Load(ref sums, i) + VectorMath.Log(V.Load(ref diagonal, i)), ref sums, i);
        }
    }

    private readonly struct OfRows(int size, nint offset, bool ofInverses) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            ref float diagonal = ref Unsafe.Add(ref t.Weights, offset);
            if (lanes == 1)
            {
                for (nint row = 0; row < size; row += V.Count)
                {
                    V.Store(V.Load(ref t.LogDetRows, row) + Logarithm(V.Load(ref diagonal, row)), ref t.LogDetRows, row);
                }

                return;
            }

            for (nint row = 0; row < size; row++)
            {
                V log = Logarithm(V.Create(Unsafe.Add(ref diagonal, row)));
                ref float sums = ref Unsafe.Add(ref t.LogDetRows, row * lanes);
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V.Store(V.Load(ref sums, lane) + log, ref sums, lane);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Logarithm<V>(V value)
            where V : struct, IVec<V> => ofInverses ? -VectorMath.Log(value) : VectorMath.Log(value);
    }
}
