using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>
/// A few samples, or one image, on their way through the stack. Generated code passes it from kernel to kernel; only kernels look inside.
/// </summary>
/// <remarks>
/// <para>
/// All blocks are row-major <c>[rows, Lanes]</c>: a row is one feature, a lane is one sample. <see cref="Lanes"/> is either a
/// multiple of the vector width (the tile paths: samples are the vector lanes) or 1 (the single-sample path: a block is then
/// one contiguous feature vector, and features are the vector lanes).
/// </para>
/// <para>
/// Of an image flow, a tile is one image: a row is one channel, a lane is one pixel, and both change along the stack.
/// </para>
/// <para>
/// Lanes beyond the last real sample or pixel hold copies of it: they are computed and dropped, and their upstream gradient is zero.
/// Every block has slack behind it, so that a kernel may write up to the next multiple of 16 rows when there is one lane.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct Tile
{
    /// <summary>The samples in this tile, padding included: 1, or a multiple of the vector width.</summary>
    public int Lanes;

    /// <summary>The pixels of an image: lanes behind them are padding.</summary>
    internal int Pixels;

    /// <summary>Coordinates that were split off so far: the first of <see cref="Latent"/>; images only.</summary>
    internal int Emitted;

    /// <summary>The sum of what the log-determinants came to before the image last changed its shape; images only.</summary>
    internal double FoldedLogDet;

    /// <summary>dL/dlog-det of the image: <see cref="GradLogDet"/> holds it for every pixel; gradients of images only.</summary>
    internal float ImageGradLogDet;

    /// <summary>Whether activations are laid out for the gradient: no row of the work area is then used twice within a layer.</summary>
    public bool Recording;

    /// <summary>Whether nobody asks for <see cref="LogDet"/>, so that a kernel may leave it out.</summary>
    internal bool Unmeasured;

    /// <summary>The event's coordinates, <c>[D, Lanes]</c>: every layer changes them in place.</summary>
    internal ref float State;

    /// <summary>What was split off, <c>[D]</c>, one part behind the other as the layers emit them; images only.</summary>
    internal ref float Latent;

    /// <summary>dL/dLatent, <c>[D]</c>; gradients of images only.</summary>
    internal ref float GradLatent;

    /// <summary>Scratch of one layer, <c>[WorkRows, Lanes]</c>; in a gradient, what its backward pass reads.</summary>
    internal ref float Work;

    /// <summary>Sum of the log-determinants so far, <c>[2, Lanes]</c>: the sum, and below it what rounding took from it.</summary>
    internal ref float LogDet;

    /// <summary>
    /// Within a module of a <see cref="Sum"/> the logarithms of its diagonal so far, <c>[D, Lanes]</c>: layers add to it, coordinate by coordinate, instead of to
    /// <see cref="LogDet"/>. Null elsewhere.
    /// </summary>
    internal ref float LogDetRows;

    /// <summary>Prepared weights in the form of the current path: see <see cref="Preparation"/>.</summary>
    internal ref float Weights;

    /// <summary>The same in the single-sample form, for a tile of one vector and where zeros may be skipped; else null.</summary>
    internal ref float SingleWeights;

    /// <summary>How many of the lanes are samples, where a kernel may leave out the others; else 0.</summary>
    internal int Samples;

    /// <summary>
    /// Whether the rows that a hidden layer wrote last are <c>[samples, outputs]</c>, each sample's outputs padded to a multiple of 16, instead of <c>[outputs, Lanes]</c>:
    /// see <see cref="Dense.ForwardHidden"/>.
    /// </summary>
    internal bool BySample;

    /// <summary>Transposed prepared weights (<see cref="WeightForm.Transposed"/>); set in gradients only.</summary>
    internal ref float TransposedWeights;

    /// <summary>The trainable parameters as they are: dense layers read their matrices there.</summary>
    internal ref float Parameters;

    /// <summary>dL/dState, <c>[D, Lanes]</c>; gradients only.</summary>
    internal ref float GradState;

    /// <summary>dL/dLogDet of each lane, <c>[Lanes]</c>: the same for every layer; zero in padding lanes; gradients only.</summary>
    internal ref float GradLogDet;

    /// <summary>The derivatives of L by <see cref="LogDetRows"/>, <c>[D, Lanes]</c>, in place of <see cref="GradLogDet"/>; null outside of a <see cref="Sum"/>; gradients only.</summary>
    internal ref float GradLogDetRows;

    /// <summary>dL/dWork, <c>[WorkRows, Lanes]</c>: row for row the gradient of <see cref="Work"/>; gradients only.</summary>
    internal ref float GradWork;

    /// <summary>Scratch for a block turned over, <c>[Lanes, inputs]</c>; gradients only.</summary>
    internal ref float Turned;

    /// <summary>What iterative inverses report of each lane, <c>[4, Lanes]</c>: see <see cref="InversionRecord"/>; null where nobody asks.</summary>
    internal ref float Inversion;

    /// <summary>The residual at which iterative inverses stop; 0 for the usual one.</summary>
    internal float InverseTolerance;

    /// <summary>The steps of iterative inverses on a whole image; 0 for the usual number.</summary>
    internal int InverseLimit;

    /// <summary>The length of their first step; 0 for the usual one.</summary>
    internal float InverseStep;

    /// <summary>Whether they take steps of one length only, and then return whatever was reached: <see cref="InverseOptions.IsPlain"/>.</summary>
    internal bool InverseIsPlain;

    /// <summary>
    /// dL/dparameters, laid out like the trainable parameters, with sums of some layers behind: kernels add to it, those of layers without sums once to each element; gradients only.
    /// </summary>
    internal ref float Gradient;
}

/// <summary>Which rows of a tile: a strided run of the state, or a contiguous run of the work area.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Rows
{
    private Rows(int start, int step, int count, bool work)
    {
        Start = start;
        Step = step;
        Count = count;
        IsWork = work;
    }

    internal int Start { get; }

    internal int Step { get; }

    internal int Count { get; }

    internal bool IsWork { get; }

    /// <summary>Coordinates <paramref name="start"/>, <paramref name="start"/> + <paramref name="step"/>, ...: <paramref name="count"/> of them.</summary>
    public static Rows State(int start, int step, int count) => new(start, step, count, work: false);

    /// <summary>Rows <paramref name="start"/> .. <paramref name="start"/> + <paramref name="count"/> - 1 of the work area.</summary>
    public static Rows Work(int start, int count) => new(start, 1, count, work: true);

    /// <summary>Some of these rows.</summary>
    internal Rows Slice(int first, int count) => new(Start + (first * Step), Step, count, IsWork);

    /// <summary>The first of these rows in the tile's values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref float Values(ref Tile tile) =>
        ref Unsafe.Add(ref IsWork ? ref tile.Work : ref tile.State, (nint)Start * tile.Lanes);

    /// <summary>The first of these rows in the tile's gradients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref float Gradients(ref Tile tile) =>
        ref Unsafe.Add(ref IsWork ? ref tile.GradWork : ref tile.GradState, (nint)Start * tile.Lanes);

    /// <summary>From one of these rows to the next, in floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal nint Stride(ref Tile tile) => (nint)Step * tile.Lanes;
}
