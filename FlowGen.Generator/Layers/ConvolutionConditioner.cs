using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>Convolutions, 3x3 to the first hidden width, 1x1 to the second, 3x3 to the output, which has a learned scale; hidden ones perhaps with an ActNorm.</summary>
/// <param name="Image">The planes.</param>
/// <param name="Inputs">The number of channels that it reads.</param>
/// <param name="Hidden">The widths of its hidden layers, at most two.</param>
/// <param name="Channels">The number of channels that it makes numbers for.</param>
/// <param name="Kinds">How many numbers for each.</param>
/// <param name="Activation">The activation of the hidden layers.</param>
/// <param name="IsNormalized">Whether an ActNorm follows each hidden convolution.</param>
internal sealed record ConvolutionConditioner(ImagePlanes Image, int Inputs, EquatableArray<int> Hidden, int Channels, int Kinds, Activation Activation, bool IsNormalized) : Conditioner
{
    // How fast the scale of the last convolution moves with its parameter, as in the code of Glow.
    private const int OutputFactor = 3;

    /// <inheritdoc/>
    public override string Summary
    {
        get
        {
            var layers = Layers();
            string widths = string.Join(" -> ", ((int[])[Inputs, .. layers.Select(static layer => layer.Outputs)]).Select(static width => Literals.Of(width)));
            string kernels = string.Join(", ", layers.Select(static layer => $"{Literals.Of(layer.Kernel)}x{Literals.Of(layer.Kernel)}"));
            return $"{widths} on {Literals.Of(Image.Height)} x {Literals.Of(Image.Width)} pixels: {kernels}{(Hidden.Count == 0 ? "" : $", {(IsNormalized ? "ActNorm and " : "")}{Activation}")}";
        }
    }

    /// <inheritdoc/>
    public override long ParameterCount => Layers().Sum(static layer => layer.ParameterCount);

    /// <inheritdoc/>
    public override long PreparedCount => Layers().Sum(static layer => layer.PreparedCount);

    /// <inheritdoc/>
    public override long WidestInput => 0;

    /// <inheritdoc/>
    public override int Reach => Layers().Sum(static layer => layer.Kernel / 2);

    /// <inheritdoc/>
    public override long WorkRows => Image.Rows(Layout(recording: false).Floats);

    /// <inheritdoc/>
    public override long RecordRows => Image.Rows(Layout(recording: true).Floats);

    private bool KeepsInput => KeepsInputOf(Activation);

    private int Outputs => Kinds * Channels;

    /// <inheritdoc/>
    public override string[] OutputArguments(LayerCode code) => [OutputName(code.Name(this)), Place.Weights(Layers().Last().Weights)];

    /// <inheritdoc/>
    public override string RecordedOutput(LayerCode code) => OutputName(code.Name(this));

    /// <inheritdoc/>
    public override IEnumerable<string> Fields(string name)
    {
        var layers = Layers();
        var layout = Layout(recording: true);
        yield return $"private static readonly PlaneShape {name}Planes = {Image.Code};";
        foreach (var layer in layers)
        {
            yield return layer.IsLast
                ? OutputField(name, layer.Inputs, Channels, Kinds, layer.Kernel, layout.Planes[layer.Index], layout.Planes[layer.Index + 1])
                : $"private static readonly TapConvolution {name}Layer{Literals.Of(layer.Index)} = TapConvolution.Create({name}Planes, {Literals.Of(layer.Inputs)}, {Literals.Of(layer.Outputs)}, kernel: {Literals.Of(layer.Kernel)});";
        }
    }

    /// <inheritdoc/>
    public override void Prepare(LayerCode code)
    {
        string name = code.Name(this);
        foreach (var layer in Layers())
        {
            if (layer.IsScaled)
            {
                code.Call("NormalizedConvolution.Prepare", "preparation", [Convolution(name, layer), Place.Parameters(layer.Parameters), Place.Weights(layer.Weights), .. Factor(layer)]);
            }
            else
            {
                code.Call($"{Convolution(name, layer)}.Prepare", "preparation", Place.Parameters(layer.Parameters), Place.Weights(layer.Weights));
            }
        }
    }

    /// <inheritdoc/>
    public override void Finish(LayerCode code)
    {
        string name = code.Name(this);
        foreach (var layer in Layers().Where(static layer => layer.IsScaled))
        {
            code.Call("NormalizedConvolution.Finish", "sums", [Convolution(name, layer), Place.Parameters(layer.Parameters), .. Factor(layer)]);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> ForwardLines(string name)
    {
        var layers = Layers();
        var layout = Layout(recording: true);
        yield return $"Planes.Load(ref tile, {name}Planes, input, {Literals.Of(layout.Planes[0])}{Image.PixelArgument});";
        foreach (var layer in layers.Where(static layer => !layer.IsLast))
        {
            int k = layer.Index;
            string keep = KeepsInput ? $", preActivation: tile.Recording ? {Literals.Of(layout.Before[k])} : -1" : "";
            yield return $"{Convolution(name, layer)}.Forward(ref tile, {Sum("weights", layer.Weights)}, {Literals.Of(layout.Planes[k])}, {Literals.Of(layout.Planes[k + 1])}, {Code(Activation)}{keep});";
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> BackwardLines(string name)
    {
        var layers = Layers();
        var layout = Layout(recording: true);
        for (int k = layers.Count - 1; k >= 0; k--)
        {
            var layer = layers[k];
            string before = KeepsInput && k > 0 ? $", {Literals.Of(layout.Before[k - 1])}" : "";
            string activation = k > 0 ? $", {Code(Activation)}{before}" : "";
            string gradient = Sum("parameters", layer.Parameters);
            yield return layer.IsLast
                ? $"{OutputName(name)}.Backward(ref tile, {Sum("weights", layer.Weights)}, {gradient}{activation});"
                : $"{Convolution(name, layer)}.Backward(ref tile, {Sum("weights", layer.Weights)}, {Literals.Of(layout.Planes[k])}, {Literals.Of(layout.Planes[k + 1])}, {gradient}{activation});";
        }

        yield return $"Planes.AddGradient(ref tile, {name}Planes, input, {Literals.Of(layout.Planes[0])}{Image.PixelArgument});";
    }

    private static string Convolution(string name, Layer layer) =>
        layer.IsLast ? $"{OutputName(name)}.Convolution" : $"{name}Layer{Literals.Of(layer.Index)}";

    private static string[] Factor(Layer layer) => layer.IsLast ? [$"factor: {Literals.Of(OutputFactor)}"] : [];

    private List<Layer> Layers()
    {
        (int Width, int Kernel)[] shapes = Hidden.Count == 0 ? [(Outputs, 3)] : [(Hidden[0], 3), (Hidden[Hidden.Count - 1], 1), (Outputs, 3)];
        var layers = new List<Layer>();
        int inputs = Inputs;
        long parameters = 0;
        long weights = 0;
        foreach (var (width, kernel) in shapes)
        {
            bool isLast = layers.Count == shapes.Length - 1;
            var layer = new Layer(layers.Count, inputs, width, kernel, isLast, IsNormalized || isLast, parameters, weights);
            layers.Add(layer);
            parameters += layer.ParameterCount;
            weights += layer.PreparedCount;
            inputs = width;
        }

        return layers;
    }

    // The output comes first, as rows: all of it in gradients, otherwise a few at a time; then the planes of the input and of each layer; then, in gradients, what went into activations that need it.
    private FloatLayout Layout(bool recording)
    {
        var layers = Layers();
        long[] planes = new long[layers.Count + 1];
        long[] before = new long[layers.Count - 1];
        long next = LayerSize.Product(Outputs, Image.Lanes);
        for (int k = 0; k <= layers.Count; k++)
        {
            planes[k] = next;
            next += Image.Floats(k == 0 ? Inputs : layers[k - 1].Outputs);
        }

        for (int k = 0; k < before.Length && recording && KeepsInput; k++)
        {
            before[k] = next;
            next += Image.Floats(layers[k].Outputs);
        }

        return new FloatLayout(planes, before, next);
    }

    /// <summary>One convolution: its position, whether it has a learned scale, and its place behind the conditioner's offsets.</summary>
    private sealed record Layer(int Index, int Inputs, int Outputs, int Kernel, bool IsLast, bool IsScaled, long Parameters, long Weights)
    {
        // Weights and bias; log-scales.
        public long ParameterCount => ImagePlanes.TensorSize(Inputs, Outputs, Kernel) + Outputs + (IsScaled ? Outputs : 0);

        public long PreparedCount => ImagePlanes.PreparedSize(Inputs, Outputs, Kernel);
    }

    /// <summary>Where runs of planes start in the work area, in floats: of the input and of each layer, of what went into each activation; and the floats of all.</summary>
    private sealed record FloatLayout(long[] Planes, long[] Before, long Floats);
}
