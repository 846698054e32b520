using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// The last convolution of a conditioner, which goes into the coupling as it is made: no more than a few channels of a few rows of pixels, out of the registers of
/// <see cref="TapKernel"/> and not yet out of the first cache.
/// </summary>
/// <remarks>
/// A register block makes all numbers of up to six channels, or of three if there are two of each: shifts first, then what scales are made of. In the tensor, in the
/// parameters and in rows that are kept, all shifts come before all the others.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ConvolutionOutput
{
    private readonly PlaneShape shape;
    private readonly int channels;
    private readonly int kinds;
    private readonly int from;
    private readonly int to;

    /// <summary>A convolution that keeps all taps.</summary>
    /// <param name="shape">The planes, with a border of at least half the kernel.</param>
    /// <param name="inputs">The number of input planes.</param>
    /// <param name="channels">The channels that it makes numbers for.</param>
    /// <param name="kinds">How many numbers for each: 1 or 2.</param>
    /// <param name="kernel">The rows and columns of the kernel: odd.</param>
    /// <param name="from">Where the input planes start in the work area, in floats.</param>
    /// <param name="to">Where as many planes as it makes numbers start: what leaves the registers, and in a gradient that of all outputs.</param>
    /// <exception cref="ArgumentException">The kernel is even, or wider than the border of the planes allows.</exception>
    public ConvolutionOutput(PlaneShape shape, int inputs, int channels, int kinds, int kernel, int from, int to)
    {
        ArgumentNullException.ThrowIfNull(shape);
        this.shape = shape;
        this.channels = channels;
        this.kinds = kinds;
        this.from = from;
        this.to = to;
        Convolution = TapConvolution.CreateInterleaved(shape, inputs, channels, kinds, kernel);
    }

    /// <summary>The convolution, whose output planes are in the order of its register blocks.</summary>
    public TapConvolution Convolution { get; }

    /// <summary>From the gradient of the first work rows, shifts before the others, to those of W, b and the input planes.</summary>
    /// <param name="t">The tile, after the forward pass.</param>
    /// <param name="weights">Where the convolution starts in the prepared weights.</param>
    /// <param name="parameters">Where W starts in the parameters, or what it is multiplied with by then.</param>
    /// <param name="inputActivation">The activation that made the input planes.</param>
    /// <param name="inputPreActivation">Where that activation's own input was kept, for those whose derivative needs it, or -1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(ref Tile t, int weights, int parameters, Activation inputActivation = Activation.Identity, int inputPreActivation = -1)
    {
        Planes.LoadGradient(ref t, shape, Convolution.Channels, to);
        Convolution.Backward(ref t, weights, from, to, parameters, inputActivation, inputPreActivation);
    }

    /// <summary>Makes the output. In a gradient the first rows of the work area keep it, all shifts before the others; otherwise each block takes the place of the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Visit<TUse>(ref Tile t, int weights, ref TUse use)
        where TUse : struct, IOutputUse
    {
        var kernel = new Blocks<TUse>(this, weights, use);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    private readonly struct Blocks<TUse>(ConvolutionOutput output, int weights, TUse use) : IWideKernel
        where TUse : struct, IOutputUse
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            PlaneShape shape = output.shape;
            nint lanes = t.Lanes;
            ref float planes = ref Unsafe.Add(ref t.Work, output.to);
            TapProduct product = output.Convolution.Product<V, BiasFinish>(
                ref Unsafe.Add(ref t.Weights, weights), ref Unsafe.Add(ref t.Work, output.from), ref planes, ref planes);
            planes = ref Unsafe.Add(ref planes, shape.Lead);
            int[] starts = shape.Starts<V>();
            int vectors = starts.Length;
            int panels = (vectors + V.BlockVectors - 1) / V.BlockVectors;
            foreach (TapBlock block in output.Convolution.Blocks.Blocks)
            {
                OutputPiece piece = default;
                piece.First = block.First / output.kinds;
                piece.Count = block.Height / output.kinds;
                piece.Kind = (t.Recording ? output.channels : piece.Count) * lanes;
                piece.Rows = ref Unsafe.Add(ref t.Work, t.Recording ? piece.First * lanes : 0);
                int firstRow = 0;
                for (int panel = 0; panel < panels; panel++)
                {
                    int first = vectors * panel / panels;
                    int behind = vectors * (panel + 1) / panels;
                    scoped TapProduct part = product;
                    TapKernel.Multiply<V, BiasFinish>(ref part, output.Convolution.Blocks, block, first, behind - first);

                    // Rows of pixels whose last one is there by now, and lanes in whole vectors.
                    bool isLast = panel == panels - 1;
                    int rows = isLast ? shape.Height : (starts[behind - 1] + V.Count + shape.Radius) / shape.Stride;
                    output.Store(ref planes, ref piece, lanes, firstRow, rows, isLast);
                    firstRow = rows;
                    piece.To = isLast ? lanes : rows * shape.Width / V.Count * V.Count;
                    if (piece.To > piece.From)
                    {
                        use.Run<V>(ref t, ref piece);
                        piece.From = piece.To;
                    }
                }
            }
        }
    }

    // From planes to rows; zeros behind the last pixel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store(ref float planes, scoped ref OutputPiece piece, nint lanes, int firstRow, int behind, bool isLast)
    {
        int pixels = shape.Height * shape.Width;
        ref float plane = ref planes;
        ref float kind = ref piece.Rows;
        for (int k = 0; k < kinds; k++)
        {
            ref float row = ref kind;
            for (int channel = 0; channel < piece.Count; channel++)
            {
                Planes.ReadPixels(shape, ref plane, ref row, firstRow, behind);
                if (isLast)
                {
                    MemoryMarshal.CreateSpan(ref Unsafe.Add(ref row, pixels), (int)lanes - pixels).Clear();
                }

                plane = ref Unsafe.Add(ref plane, shape.Size);
                row = ref Unsafe.Add(ref row, lanes);
            }

            kind = ref Unsafe.Add(ref kind, piece.Kind);
        }
    }
}
