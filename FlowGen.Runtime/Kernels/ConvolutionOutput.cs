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
/// A register block makes all numbers of up to six channels, or of three if there are two of each: shifts first, then what scales are made of. So lie the rows of the
/// work area that keep the output for a gradient; in the tensor and in the bias all shifts come before all the others.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ConvolutionOutput
{
    private readonly PlaneShape shape;
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
        this.kinds = kinds;
        this.from = from;
        this.to = to;
        Convolution = TapConvolution.CreateInterleaved(shape, inputs, channels, kinds, kernel);
    }

    /// <summary>The convolution, whose output planes are in the order of its register blocks.</summary>
    public TapConvolution Convolution { get; }

    /// <summary>The register blocks, each all numbers of some channels.</summary>
    internal TapBlock[] Blocks => Convolution.Blocks.Blocks;

    /// <summary>How many numbers it makes for each channel.</summary>
    internal int Kinds => kinds;

    /// <summary>From the gradient of the first work rows, in the order of the blocks, to those of W, b and the input planes.</summary>
    /// <param name="t">The tile, after the forward pass.</param>
    /// <param name="weights">Where the convolution starts in the prepared weights.</param>
    /// <param name="parameters">Where W starts among the gradient's accumulators.</param>
    /// <param name="inputActivation">The activation that made the input planes.</param>
    /// <param name="inputPreActivation">Where that activation's own input was kept, for those whose derivative needs it, or -1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(ref Tile t, int weights, int parameters, Activation inputActivation = Activation.Identity, int inputPreActivation = -1)
    {
        Planes.LoadGradient(ref t, shape, Convolution.Outputs, to);
        Convolution.Backward(ref t, weights, from, to, parameters, inputActivation, inputPreActivation);
    }

    /// <summary>Makes the output. In a gradient the first rows of the work area keep it; otherwise each block takes the place of the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Visit<TUse>(ref Tile t, int weights, ref TUse use)
        where TUse : struct, IOutputUse
    {
        var kernel = new Pieces<TUse>(this, weights, use);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    private readonly struct Pieces<TUse>(ConvolutionOutput output, int weights, TUse use) : IWideKernel
        where TUse : struct, IOutputUse
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            PlaneShape shape = output.shape;
            nint lanes = t.Lanes;
            bool isDirect = shape.HasWholeVectors<V>();
            int[] starts = shape.Starts<V>();
            ref float planes = ref Unsafe.Add(ref t.Work, output.to);
            TapProduct product = output.Convolution.Product<V, BiasFinish>(
                ref Unsafe.Add(ref t.Weights, weights), ref Unsafe.Add(ref t.Work, output.from), ref planes, ref planes);
            planes = ref product.Result;
            if (isDirect)
            {
                product.Targets = ref MemoryMarshal.GetArrayDataReference(shape.LaneStarts<V>());
                product.Mask = ref shape.LaneMask;
                product.ResultStride = lanes;
                product.Border = 0;
            }

            int panels = (starts.Length + V.BlockVectors - 1) / V.BlockVectors;
            foreach (TapBlock block in output.Blocks)
            {
                OutputPiece piece = default;
                piece.First = block.First / output.kinds;
                piece.Count = block.Height / output.kinds;
                piece.Kind = piece.Count * lanes;
                piece.Rows = ref Unsafe.Add(ref t.Work, t.Recording ? block.First * lanes : 0);
                product.Result = ref isDirect ? ref piece.Rows : ref planes;
                ClearPadding(ref piece.Rows, block.Height, shape.Height * shape.Width, lanes);
                int first = 0;
                int firstRow = 0;
                for (int panel = 1; panel <= panels; panel++)
                {
                    int behind = starts.Length * panel / panels;
                    scoped TapProduct part = product;
                    TapKernel.Multiply<V, BiasFinish>(ref part, output.Convolution.Blocks, block, first, behind - first);
                    int lanesDone = behind * V.Count;
                    if (!isDirect)
                    {
                        // Rows of pixels whose last one is there by now.
                        int behindRow = panel == panels ? shape.Height : (lanesDone + shape.Radius) / shape.Stride;
                        Planes.ReadPixels(shape, block.Height, ref planes, ref piece.Rows, lanes, firstRow, behindRow);
                        firstRow = behindRow;
                        lanesDone = behindRow * shape.Width / V.Count * V.Count;
                    }

                    piece.To = panel == panels ? lanes : lanesDone;
                    if (piece.To > piece.From)
                    {
                        use.Run<V>(ref t, ref piece);
                        piece.From = piece.To;
                    }

                    first = behind;
                }
            }
        }

        private static void ClearPadding(ref float rows, int count, int pixels, nint lanes)
        {
            for (nint row = 0; row < count && pixels < lanes; row++)
            {
                MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, (row * lanes) + pixels), (int)lanes - pixels).Clear();
            }
        }
    }
}
