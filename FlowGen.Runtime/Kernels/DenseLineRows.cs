using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>A <see cref="DenseLine"/> without a last layer: the activated second layer as work rows, for what comes behind it.</summary>
internal static class DenseLineRows
{
    // Samples, and units of the second layer, that pass through a buffer on the way between rows of samples and samples with their units one behind the other.
    private const int Block = 16;
    private const int Columns = 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Forward<V>(ref Tile t, Rows input, int weights, in DenseLineShape shape, int to, Activation activation)
        where V : struct, IVec<V>
    {
        if (activation == Activation.Relu)
        {
            Forward<V, ReluOp>(ref t, input, weights, shape, to);
        }
        else
        {
            Forward<V, LeakyReluOp>(ref t, input, weights, shape, to);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Forward<V, TOp>(ref Tile t, Rows input, int weights, in DenseLineShape shape, int to)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        nint lanes = t.Lanes;
        nint samples = t.Samples > 0 ? t.Samples : lanes;
        nint width = shape.Width;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float x = ref input.Values(ref t);
        ref float y = ref Unsafe.Add(ref t.Work, to * lanes);
        Span<float> buffer = stackalloc float[Block * Columns];
        ref float block = ref MemoryMarshal.GetReference(buffer);
        Span<Place> places = stackalloc Place[Block];
        for (nint first = 0; first < samples; first += Block)
        {
            int count = (int)Math.Min(Block, samples - first);
            Find<V>(ref prepared, shape, ref Unsafe.Add(ref x, first), places[..count]);
            if (lanes == 1)
            {
                Second<V, TOp>(ref Unsafe.Add(ref prepared, places[0].Row), width, 0, width, places[0].Way, ref y);
                return;
            }

            for (nint column = 0; column < shape.Second; column += Columns)
            {
                nint columns = Math.Min(Columns, width - column);
                for (int i = 0; i < count; i++)
                {
                    Second<V, TOp>(ref Unsafe.Add(ref prepared, places[i].Row), width, column, columns, places[i].Way, ref Unsafe.Add(ref block, i * Columns));
                }

                DenseTurn.Turn(
                    ref block, Columns, count, count, Math.Min(Columns, shape.Second - (int)column), ref Unsafe.Add(ref y, (column * lanes) + first), lanes);
            }
        }
    }

    /// <summary>From the gradient of the second layer before its activation, in rows of <see cref="Tile.GradWork"/>, to that of x and to the sums.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Backward<V>(ref Tile t, Rows input, int weights, in DenseLineShape shape, int from, int sums)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        nint width = shape.Width;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float bins = ref Unsafe.Add(ref t.Gradient, sums);
        ref float x = ref input.Values(ref t);
        ref float byX = ref input.Gradients(ref t);
        ref float upstream = ref Unsafe.Add(ref t.GradWork, from * lanes);
        Span<float> buffer = stackalloc float[(Block * Columns) + (Block * DenseLineForward.Chains)];
        ref float block = ref MemoryMarshal.GetReference(buffer);
        var chains = buffer[(Block * Columns)..];
        Span<Place> places = stackalloc Place[Block];
        for (nint first = 0; first < lanes; first += Block)
        {
            int count = (int)Math.Min(Block, lanes - first);
            Find<V>(ref prepared, shape, ref Unsafe.Add(ref x, first), places[..count]);
            chains.Clear();
            for (nint column = 0; column < shape.Second; column += Columns)
            {
                int columns = (int)Math.Min(Columns, width - column);
                int real = Math.Min(columns, shape.Second - (int)column);
                DenseTurn.Turn(ref Unsafe.Add(ref upstream, (column * lanes) + first), lanes, real, count, ref block, Columns);
                for (int i = 0; i < count; i++)
                {
                    buffer.Slice((i * Columns) + real, columns - real).Clear();
                    ref float slope = ref Unsafe.Add(ref prepared, places[i].Row + width + column);
                    ref float sum = ref Unsafe.Add(ref bins, places[i].Row - shape.Rows + column);
                    ref float gradient = ref Unsafe.Add(ref block, i * Columns);
                    ref float chain = ref chains[i * DenseLineForward.Chains];
                    V way = V.Create(places[i].Way);
                    for (nint k = 0; k < columns; k += V.Count)
                    {
                        V g = V.Load(ref gradient, k);
                        V.Store(V.Load(ref sum, k) + g, ref sum, k);
                        V.Store(V.MultiplyAdd(g, way, V.Load(ref sum, width + k)), ref sum, width + k);
                        nint c = k & (DenseLineForward.Chains - 1);
                        V.Store(V.MultiplyAdd(V.Load(ref slope, k), g, V.Load(ref chain, c)), ref chain, c);
                    }
                }
            }

            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref byX, first + i) += DenseLineForward.Sum(DenseLineForward.Quarter(ref chains[i * DenseLineForward.Chains]));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Find<V>(ref float prepared, in DenseLineShape shape, ref float x, Span<Place> places)
        where V : struct, IVec<V>
    {
        for (int i = 0; i < places.Length; i++)
        {
            float at = Unsafe.Add(ref x, i);
            nint piece = DenseLineForward.Piece<V>(ref prepared, shape.Points, shape.Blocks, at);
            places[i] = new Place(shape.Rows + (piece * shape.RowStride), at - Unsafe.Add(ref prepared, shape.Anchors + piece));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Second<V, TOp>(ref float row, nint width, nint column, nint columns, float way, ref float y)
        where V : struct, IVec<V>
        where TOp : struct, IActivation
    {
        V w = V.Create(way);
        ref float value = ref Unsafe.Add(ref row, column);
        ref float slope = ref Unsafe.Add(ref value, width);
        for (nint k = 0; k < columns; k += V.Count)
        {
            V.Store(TOp.Apply(V.MultiplyAdd(w, V.Load(ref slope, k), V.Load(ref value, k))), ref y, k);
        }
    }

    /// <summary>The row of the table for a sample, from the start of what is prepared, and the way from its anchor.</summary>
    private readonly record struct Place(nint Row, float Way);
}
