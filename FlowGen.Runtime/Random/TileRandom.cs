using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Random;

/// <summary>
/// Fills row-major blocks <c>[rows, lanes]</c>, where a lane is a sample, with random numbers. Element (d, lane) depends on
/// the seed, the sample's number (firstRow + lane), d and the stream, and on nothing else: it is word d % 4 of
/// <see cref="Philox.Block"/>(firstRow + lane, d / 4, stream), put through a <see cref="IRandomDistribution"/>. The bits are the
/// same on every processor and at every width.
/// </summary>
internal static class TileRandom
{
    /// <summary>Standard normal numbers: see <see cref="NormalDistribution"/>.</summary>
    public static void FillNormal(ref float destination, int rows, int lanes, ulong seed, ulong firstRow, uint stream) =>
        Fill<NormalDistribution>(ref destination, rows, lanes, seed, firstRow, stream);

    /// <summary>Standard logistic numbers: see <see cref="LogisticDistribution"/>.</summary>
    public static void FillLogistic(ref float destination, int rows, int lanes, ulong seed, ulong firstRow, uint stream) =>
        Fill<LogisticDistribution>(ref destination, rows, lanes, seed, firstRow, stream);

    /// <summary>Uniform numbers from [0, 1): see <see cref="UniformDistribution"/>.</summary>
    public static void FillUniform(ref float destination, int rows, int lanes, ulong seed, ulong firstRow, uint stream) =>
        Fill<UniformDistribution>(ref destination, rows, lanes, seed, firstRow, stream);

    /// <summary>The fill at the width of V.</summary>
    internal static void Fill<V, TDistribution>(ref float destination, int rows, int lanes, ulong seed, ulong firstRow, uint stream)
        where V : struct, IVec<V>
        where TDistribution : struct, IRandomDistribution
    {
        FillWords<V>(ref destination, rows, lanes, new Philox(seed), firstRow, stream);
        Transform<V, TDistribution>(ref destination, (nint)rows * lanes);
    }

    private static void Fill<TDistribution>(ref float destination, int rows, int lanes, ulong seed, ulong firstRow, uint stream)
        where TDistribution : struct, IRandomDistribution
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Fill<Vec512, TDistribution>(ref destination, rows, lanes, seed, firstRow, stream);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Fill<Vec256, TDistribution>(ref destination, rows, lanes, seed, firstRow, stream);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Fill<Vec128, TDistribution>(ref destination, rows, lanes, seed, firstRow, stream);
        }
        else
        {
            Fill<VecScalar, TDistribution>(ref destination, rows, lanes, seed, firstRow, stream);
        }
    }

    /// <summary>Writes the generator's words, as the bits of floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FillWords<V>(ref float destination, int rows, int lanes, Philox philox, ulong firstRow, uint stream)
        where V : struct, IVec<V>
    {
        int lane = 0;
        var low = default(VectorBuffer);
        var high = default(VectorBuffer);
        for (; lane <= lanes - V.Count; lane += V.Count)
        {
            for (int i = 0; i < V.Count; i++)
            {
                ulong index = unchecked(firstRow + (ulong)(lane + i));
                Unsafe.Add(ref low.First, i) = BitConverter.UInt32BitsToSingle((uint)index);
                Unsafe.Add(ref high.First, i) = BitConverter.UInt32BitsToSingle((uint)(index >> 32));
            }

            V indexLow = V.Load(ref low.First);
            V indexHigh = V.Load(ref high.First);
            ref float column = ref Unsafe.Add(ref destination, lane);
            for (int row = 0; row < rows; row += Philox.WordsPerBlock)
            {
                V word0 = indexLow;
                V word1 = indexHigh;
                V word2 = V.CreateBits(row / Philox.WordsPerBlock);
                V word3 = V.CreateBits(unchecked((int)stream));
                philox.Blocks(ref word0, ref word1, ref word2, ref word3);

                nint offset = (nint)row * lanes;
                V.Store(word0, ref column, offset);
                if (row + 1 < rows)
                {
                    V.Store(word1, ref column, offset + lanes);
                }

                if (row + 2 < rows)
                {
                    V.Store(word2, ref column, offset + (2 * (nint)lanes));
                }

                if (row + 3 < rows)
                {
                    V.Store(word3, ref column, offset + (3 * (nint)lanes));
                }
            }
        }

        for (; lane < lanes; lane++)
        {
            FillLane<V>(ref Unsafe.Add(ref destination, lane), rows, lanes, philox, unchecked(firstRow + (ulong)lane), stream);
        }
    }

    /// <summary>Writes the words of one sample: as many of its blocks at once as a vector has lanes.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillLane<V>(ref float destination, int rows, nint stride, Philox philox, ulong index, uint stream)
        where V : struct, IVec<V>
    {
        V indexLow = V.CreateBits(unchecked((int)(uint)index));
        V indexHigh = V.CreateBits(unchecked((int)(uint)(index >> 32)));
        V counts = V.Load(ref Unsafe.As<int, float>(ref MemoryMarshal.GetReference(Counts)));
        Span<float> buffer = stackalloc float[Philox.WordsPerBlock * VectorBuffer.Length];
        ref float words = ref MemoryMarshal.GetReference(buffer);
        for (int row = 0; row < rows; row += Philox.WordsPerBlock * V.Count)
        {
            V word0 = indexLow;
            V word1 = indexHigh;
            V word2 = V.AddBits(V.CreateBits(row / Philox.WordsPerBlock), counts);
            V word3 = V.CreateBits(unchecked((int)stream));
            philox.Blocks(ref word0, ref word1, ref word2, ref word3);
            V.Store(word0, ref words);
            V.Store(word1, ref words, VectorBuffer.Length);
            V.Store(word2, ref words, 2 * VectorBuffer.Length);
            V.Store(word3, ref words, 3 * VectorBuffer.Length);
            int count = Math.Min(rows - row, Philox.WordsPerBlock * V.Count);
            ref float to = ref Unsafe.Add(ref destination, row * stride);
            for (int word = 0; word < count; word++)
            {
                to = Unsafe.Add(ref words, ((word % Philox.WordsPerBlock) * VectorBuffer.Length) + (word / Philox.WordsPerBlock));
                to = ref Unsafe.Add(ref to, stride);
            }
        }
    }

    private static ReadOnlySpan<int> Counts => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>Makes words into numbers, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform<V, TDistribution>(ref float values, nint count)
        where V : struct, IVec<V>
        where TDistribution : struct, IRandomDistribution
    {
        nint rest = count % V.Count;
        nint whole = count - rest;
        TransformWhole<V, TDistribution>(ref values, whole);
        if (rest > 0)
        {
            var buffer = default(VectorBuffer);
            buffer.CopyFrom(ref Unsafe.Add(ref values, whole), rest);
            TransformWhole<V, TDistribution>(ref buffer.First, V.Count);
            buffer.CopyTo(ref Unsafe.Add(ref values, whole), rest);
        }
    }

    /// <summary>Makes words into numbers, in place, for whole vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void TransformWhole<V, TDistribution>(ref float values, nint count)
        where V : struct, IVec<V>
        where TDistribution : struct, IRandomDistribution
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            V.Store(TDistribution.Transform(V.Load(ref values, i)), ref values, i);
        }
    }
}
