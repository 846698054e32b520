using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>A convolution of an image, cross-correlation with zeros around it: y = act(W * x + b), and its gradients.</summary>
/// <remarks>
/// <para>
/// Inputs and outputs are planes of a <see cref="PlaneShape"/>, and the borders of the outputs are zero again. Every output is one chain,
/// acc = b[o], then acc = w x + acc tap by tap, then the activation: the same bits on every path of a machine.
/// </para>
/// <para>
/// W is <c>[outputs, inputs, kernel, kernel]</c>, row-major, and b follows it directly, in the parameters and in their gradient alike. A masked
/// convolution lists the taps that it keeps; its tensor holds what those taps point to. Sizes and offsets are trusted: they come from
/// generated code.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TapConvolution
{
    private readonly PlaneShape shape;
    private readonly bool isInOrder;
    private readonly TapBlocks forward;
    private readonly TapBlocks transposed;

    /// <summary>A convolution that keeps some taps.</summary>
    /// <param name="shape">The planes of inputs and outputs, with a border as wide as the farthest tap.</param>
    /// <param name="inputs">The number of input planes.</param>
    /// <param name="taps">For each output plane its taps, in ascending order of plane, row and column.</param>
    /// <param name="tensor">The number of weights in the tensor that the taps point into.</param>
    /// <param name="channels">For each output plane its channel in the tensor and in the bias; null if they are the same.</param>
    /// <param name="unit">What the heights of its blocks are multiples of.</param>
    internal TapConvolution(PlaneShape shape, int inputs, IReadOnlyList<Tap>[] taps, int tensor, int[]? channels = null, int unit = 1)
    {
        this.shape = shape;
        TensorSize = tensor;
        Inputs = inputs;
        Outputs = taps.Length;
        Channels = channels ?? [.. Enumerable.Range(0, Outputs)];
        isInOrder = channels is null;
        forward = TapBlocks.Create(shape, taps, unit);
        transposed = TapBlocks.Create(shape, Transpose(taps, inputs));
        PreparedSize = Dense.Pad(Outputs) + TileGeometry.Pad16(Math.Max(forward.Weights.Length, transposed.Weights.Length));
    }

    /// <summary>The number of input planes.</summary>
    public int Inputs { get; }

    /// <summary>The number of output planes.</summary>
    public int Outputs { get; }

    /// <summary>The number of weights in the tensor.</summary>
    internal int TensorSize { get; }

    /// <summary>For each output plane its channel in the tensor and in the bias.</summary>
    internal int[] Channels { get; }

    /// <summary>The blocks of output planes.</summary>
    internal TapBlocks Blocks => forward;

    /// <summary>The blocks of input planes, whose taps point to output planes.</summary>
    internal TapBlocks TransposedBlocks => transposed;

    /// <summary>The floats that the layer takes in the prepared weights, in each of their forms.</summary>
    public int PreparedSize { get; }

    /// <summary>A convolution that keeps all taps.</summary>
    /// <param name="shape">The planes of inputs and outputs, with a border of at least half the kernel.</param>
    /// <param name="inputs">The number of input planes.</param>
    /// <param name="outputs">The number of output planes.</param>
    /// <param name="kernel">The rows and columns of the kernel: odd.</param>
    /// <exception cref="ArgumentException">The kernel is even, or wider than the border of the planes allows.</exception>
    public static TapConvolution Create(PlaneShape shape, int inputs, int outputs, int kernel)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (kernel < 1 || kernel % 2 == 0)
        {
            throw new ArgumentException($"A kernel of {kernel} x {kernel} has no centre: its size must be odd.", nameof(kernel));
        }

        if (kernel / 2 > shape.Radius)
        {
            throw new ArgumentException($"A kernel of {kernel} x {kernel} reaches {kernel / 2} pixels beyond the image, its planes have a border of {shape.Radius}.", nameof(kernel));
        }

        return new TapConvolution(shape, inputs, AllTaps(inputs, outputs, kernel), outputs * inputs * kernel * kernel);
    }

    /// <summary>
    /// A convolution that keeps all taps and makes several numbers for each channel: in the tensor all first ones come before all second ones, while output planes go by
    /// blocks that hold all numbers of their channels, first ones before second ones.
    /// </summary>
    internal static TapConvolution CreateInterleaved(PlaneShape shape, int inputs, int channels, int kinds, int kernel)
    {
        TapConvolution natural = Create(shape, inputs, channels * kinds, kernel);
        if (kinds == 1)
        {
            return natural;
        }

        // All outputs have the same taps, so that their order does not matter to the blocks.
        var taps = AllTaps(inputs, channels * kinds, kernel);
        var order = new List<int>();
        foreach (TapBlock block in TapBlocks.Create(shape, taps, kinds).Blocks)
        {
            for (int kind = 0; kind < kinds; kind++)
            {
                order.AddRange(Enumerable.Range((kind * channels) + (block.First / kinds), block.Height / kinds));
            }
        }

        return new TapConvolution(shape, inputs, [.. order.Select(channel => taps[channel])], natural.TensorSize, [.. order], kinds);
    }

    private static IReadOnlyList<Tap>[] AllTaps(int inputs, int outputs, int kernel)
    {
        int radius = kernel / 2;
        var taps = new IReadOnlyList<Tap>[outputs];
        for (int output = 0; output < outputs; output++)
        {
            var list = new Tap[inputs * kernel * kernel];
            for (int i = 0; i < list.Length; i++)
            {
                (int plane, int place) = Math.DivRem(i, kernel * kernel);
                list[i] = new Tap(plane, (place / kernel) - radius, (place % kernel) - radius, (output * list.Length) + i);
            }

            taps[output] = list;
        }

        return taps;
    }

    /// <summary>Brings the weights into the layout of the form being prepared.</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="parameters">Where W starts in the parameters.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    public void Prepare(ref Preparation p, int parameters, int weights) => Pack(
        p.Form, p.Parameters.Slice(parameters, TensorSize), p.Parameters.Slice(parameters + TensorSize, Outputs), p.Prepared.Slice(weights, PreparedSize));

    /// <summary>Planes at work offset <paramref name="to"/> = act(W * planes at <paramref name="from"/> + b).</summary>
    /// <param name="t">The tile.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    /// <param name="from">Where the input planes start in the work area, in floats.</param>
    /// <param name="to">Where the output planes start in the work area, in floats.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="preActivation">Where planes start in which W * x + b is kept as well, or -1.</param>
    /// <param name="add">Whether to add to the output planes; then the activation is the identity.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(ref Tile t, int weights, int from, int to, Activation activation = Activation.Identity, int preActivation = -1, bool add = false)
    {
        var kernel = new ForwardKernel(this, weights, from, to, activation, preActivation, add);
        KernelWidth.OverCoordinates(ref t, ref kernel);
    }

    /// <summary>From the gradient of W * x + b to the gradients of W, b and x.</summary>
    /// <remarks>
    /// The gradients of W and b are added to <see cref="Tile.Gradient"/>. That of the input planes is stored (or added) and multiplied by the
    /// derivative of the activation that made them.
    /// </remarks>
    /// <param name="t">The tile, after the forward pass.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    /// <param name="from">Where the input planes start in the work area, and their gradients in that of the work area.</param>
    /// <param name="to">Where the planes with the gradient of W * x + b start, zero at borders.</param>
    /// <param name="parameters">Where W starts in the parameters.</param>
    /// <param name="inputActivation">The activation that made the input planes.</param>
    /// <param name="inputPreActivation">Where that activation's own input was kept, for those whose derivative needs it, or -1.</param>
    /// <param name="accumulate">Whether to add to the input's gradient rather than store it, with the identity as activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(
        ref Tile t,
        int weights,
        int from,
        int to,
        int parameters,
        Activation inputActivation = Activation.Identity,
        int inputPreActivation = -1,
        bool accumulate = false)
    {
        var kernel = new BackwardKernel(this, weights, from, to, parameters, inputActivation, inputPreActivation, accumulate);
        KernelWidth.OverCoordinates(ref t, ref kernel);
    }

    /// <summary><see cref="Prepare"/> for a tensor from anywhere. An empty <paramref name="bias"/> is zero.</summary>
    internal void Pack(WeightForm form, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> prepared)
    {
        int start = Dense.Pad(Outputs);
        prepared[..start].Clear();
        for (int output = 0; output < Outputs && !bias.IsEmpty; output++)
        {
            prepared[output] = bias[Channels[output]];
        }

        (form == WeightForm.Transposed ? transposed : forward).Pack(weights, prepared[start..]);
    }

    /// <summary>Output planes = act(W * input planes + b), or plus it, at the width of V; a null <paramref name="preActivation"/> keeps nothing.</summary>
    /// <param name="prepared">The tile form of the weights.</param>
    /// <param name="input">The input planes, from their lead on, as all planes here.</param>
    /// <param name="output">The output planes.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="preActivation">Planes for W * x + b.</param>
    /// <param name="add">Whether to add to the output planes, whose borders are zero already; then the activation is the identity.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Forward<V>(ref float prepared, ref float input, ref float output, Activation activation, ref float preActivation, bool add)
        where V : struct, IVec<V>
    {
        if (add)
        {
            Multiply<V, BiasAddFinish>(forward, ref prepared, ref input, ref output, ref input);
            return;
        }

        bool keeps = !Unsafe.IsNullRef(ref preActivation);
        ref float pre = ref keeps ? ref preActivation : ref output;
        shape.ClearBorders(ref pre, Outputs);
        if (activation == Activation.Relu && !keeps)
        {
            Multiply<V, BiasReluFinish>(forward, ref prepared, ref input, ref output, ref input);
            return;
        }

        if (activation == Activation.Identity && !keeps)
        {
            Multiply<V, BiasFinish>(forward, ref prepared, ref input, ref output, ref input);
            return;
        }

        // Block by block, while its planes are in the first cache; in the registers of a block there is no room for more than a ReLU.
        TapProduct product = Product<V, BiasFinish>(ref prepared, ref input, ref pre, ref input);
        foreach (TapBlock block in forward.Blocks)
        {
            scoped TapProduct part = product;
            TapKernel.Multiply<V, BiasFinish>(ref part, forward, block, Vectors<V>());
            Planes.ActivatePixels(shape, block.First, block.Height, ref pre, ref output, activation);
        }

        Planes.ClearActivatedBorders(shape, Outputs, ref pre, ref output, activation);
    }

    /// <summary>Adds the gradients of the tensor and, unless it is null, of the bias, from that of W * x + b, zero at borders, and from x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void AddWeightGradients<V>(ref float upstream, ref float input, ref float weightGradient, ref float biasGradient)
        where V : struct, IVec<V>
    {
        int vectors = (shape.Extent + V.Count - 1) / V.Count;
        ref float gradients = ref Unsafe.Add(ref upstream, shape.Lead);
        ref float pixels = ref Unsafe.Add(ref input, shape.Lead);
        bool hasBias = !Unsafe.IsNullRef(ref biasGradient);

        // Block by block: the products find the planes where the sums left them.
        foreach (TapBlock block in forward.Blocks)
        {
            bool apart = hasBias && !TapGradient.SumsComeAlong(block);
            int end = apart ? block.First + block.Height : 0;
            int rows = isInOrder ? block.Height : 1;
            for (int output = block.First; output < end; output += rows)
            {
                ref float plane = ref Unsafe.Add(ref gradients, output * (nint)shape.Size);
                LaneSums.AddRows<V>(ref plane, shape.Size, vectors * V.Count, rows, ref Unsafe.Add(ref biasGradient, Channels[output]));
            }

            ref float bias = ref apart ? ref Unsafe.NullRef<float>() : ref biasGradient;
            TapGradient.Weights<V>(forward, block, ref gradients, ref pixels, shape.Size, vectors, ref weightGradient, ref bias, Channels);
        }
    }

    /// <summary>The gradient of x from that of W * x + b, zero at borders, times the derivative of the activation that made x.</summary>
    /// <param name="prepared">The transposed form of the weights.</param>
    /// <param name="upstream">The planes with the gradient of W * x + b.</param>
    /// <param name="downstream">The planes of the gradient of x.</param>
    /// <param name="inputActivation">The activation that made x.</param>
    /// <param name="values">Its output planes, or its input planes where its derivative needs them.</param>
    /// <param name="accumulate">Whether to add to planes whose borders are zero already, with the identity as activation.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void InputGradient<V>(ref float prepared, ref float upstream, ref float downstream, Activation inputActivation, ref float values, bool accumulate)
        where V : struct, IVec<V>
    {
        if (accumulate)
        {
            Multiply<V, AddFinish>(transposed, ref prepared, ref upstream, ref downstream, ref upstream);
            return;
        }

        if (inputActivation == Activation.Relu)
        {
            InputGradient<V, ReluGradientFinish>(ref prepared, ref upstream, ref downstream, ref values);
            return;
        }

        InputGradient<V, StoreFinish>(ref prepared, ref upstream, ref downstream, ref upstream);
        if (inputActivation != Activation.Identity)
        {
            Planes.MultiplyByDerivative(shape, Inputs, ref values, ref downstream, inputActivation);
        }
    }

    /// <summary>What TFinish makes of the gradient of x, and zeros around it.</summary>
    /// <param name="prepared">The transposed form of the weights.</param>
    /// <param name="upstream">The planes with the gradient of W * x + b, zero at borders.</param>
    /// <param name="downstream">The planes of the result.</param>
    /// <param name="side">The planes that the finish reads.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void InputGradient<V, TFinish>(ref float prepared, ref float upstream, ref float downstream, ref float side)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        shape.ClearBorders(ref downstream, Inputs);
        Multiply<V, TFinish>(transposed, ref prepared, ref upstream, ref downstream, ref side);
    }

    private void Multiply<V, TFinish>(TapBlocks blocks, ref float prepared, ref float input, ref float output, ref float side)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        TapProduct product = Product<V, TFinish>(ref prepared, ref input, ref output, ref side);
        TapKernel.Multiply<V, TFinish>(ref product, blocks, Vectors<V>());
    }

    /// <summary>The operands of a product, from the prepared weights and the starts of planes.</summary>
    internal TapProduct Product<V, TFinish>(ref float prepared, ref float input, ref float output, ref float side)
        where V : struct, IVec<V>
        where TFinish : struct, IFinish
    {
        ref int starts = ref MemoryMarshal.GetArrayDataReference(shape.Starts<V>());
        return new()
        {
            Pixels = ref Unsafe.Add(ref input, shape.Lead),
            Starts = ref starts,
            Targets = ref starts,
            Weights = ref Unsafe.Add(ref prepared, Dense.Pad(Outputs)),
            Bias = ref prepared,
            Result = ref Unsafe.Add(ref output, shape.Lead),
            Side = ref Unsafe.Add(ref side, shape.Lead),
            Mask = ref shape.PixelMask,
            ResultStride = shape.Size,
            SideStride = TFinish.SideIsBlock ? shape.Size : 0,
            Border = shape.HasWholeVectors<V>() && shape.Radius > 0 ? V.Count : 0,
        };
    }

    private int Vectors<V>()
        where V : struct, IVec<V> => shape.Starts<V>().Length;

    /// <summary>For each input plane the taps with which it goes into output planes, in ascending order of plane, row and column.</summary>
    internal static IReadOnlyList<Tap>[] Transpose(IReadOnlyList<Tap>[] taps, int inputs)
    {
        var lists = new List<Tap>[inputs];
        for (int input = 0; input < inputs; input++)
        {
            lists[input] = [];
        }

        for (int output = 0; output < taps.Length; output++)
        {
            foreach (Tap tap in taps[output])
            {
                lists[tap.Plane].Add(new Tap(output, -tap.Row, -tap.Column, tap.Weight));
            }
        }

        return [.. lists.Select(IReadOnlyList<Tap> (list) => [.. list.OrderBy(static tap => (tap.Plane, tap.Row, tap.Column))])];
    }

    private readonly struct ForwardKernel(
        TapConvolution convolution, int weights, int from, int to, Activation activation, int preActivation, bool add) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V> => convolution.Forward<V>(
                ref Unsafe.Add(ref t.Weights, weights),
                ref Unsafe.Add(ref t.Work, from),
                ref Unsafe.Add(ref t.Work, to),
                activation,
                ref preActivation < 0 ? ref Unsafe.NullRef<float>() : ref Unsafe.Add(ref t.Work, preActivation),
                add);
    }

    private readonly struct BackwardKernel(
        TapConvolution convolution, int weights, int from, int to, int parameters, Activation inputActivation, int inputPreActivation, bool accumulate) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            ref float values = ref Unsafe.Add(ref t.Work, from);
            ref float upstream = ref Unsafe.Add(ref t.GradWork, to);
            ref float gradient = ref Unsafe.Add(ref t.Gradient, parameters);
            convolution.AddWeightGradients<V>(ref upstream, ref values, ref gradient, ref Unsafe.Add(ref gradient, convolution.TensorSize));
            convolution.InputGradient<V>(
                ref Unsafe.Add(ref t.TransposedWeights, weights),
                ref upstream,
                ref Unsafe.Add(ref t.GradWork, from),
                inputActivation,
                ref inputPreActivation < 0 ? ref values : ref Unsafe.Add(ref t.Work, inputPreActivation),
                accumulate);
        }
    }
}
