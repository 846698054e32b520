using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>
/// A residual network of convolutions with normalised weights: h = 3x3(x), s = 1x1(h); in each block h = h + 3x3(act(3x3(act(h)))), s = s + 1x1(h);
/// the output is 1x1(act(s)).
/// </summary>
/// <param name="Image">The planes.</param>
/// <param name="Inputs">The number of channels that it reads.</param>
/// <param name="Width">The number of channels of h and s.</param>
/// <param name="Blocks">The number of blocks.</param>
/// <param name="Channels">The number of channels that it makes numbers for.</param>
/// <param name="Kinds">How many numbers for each.</param>
/// <param name="Activation">The activation.</param>
internal sealed record ResNetConditioner(ImagePlanes Image, int Inputs, int Width, int Blocks, int Channels, int Kinds, Activation Activation) : Conditioner
{
    /// <inheritdoc/>
    public override string Summary =>
        $"{Literals.Of(Inputs)} -> {Literals.Of(Width)} -> {Literals.Of(Outputs)} on {Literals.Of(Image.Height)} x {Literals.Of(Image.Width)} pixels: {Literals.Of(Blocks)} residual {(Blocks == 1 ? "block" : "blocks")}, {Activation}";

    /// <inheritdoc/>
    public override long ParameterCount => Layers().Sum(static layer => layer.ParameterCount);

    /// <inheritdoc/>
    public override long PreparedCount => Layers().Sum(static layer => layer.PreparedCount);

    /// <inheritdoc/>
    public override long SumCount => Layers().Sum(static layer => layer.SumCount);

    /// <inheritdoc/>
    public override long WidestInput => 0;

    /// <inheritdoc/>
    public override int Reach => 1 + (2 * Blocks);

    /// <inheritdoc/>
    public override long WorkRows => RecordRows;

    /// <inheritdoc/>
    public override long RecordRows => Image.Rows(Layout().Floats);

    private bool KeepsInput => KeepsInputOf(Activation);

    private int Outputs => Kinds * Channels;

    /// <inheritdoc/>
    public override string[] OutputArguments(LayerCode code) => [OutputName(code.Name(this)), Place.Weights(Layers().Last().Weights)];

    /// <inheritdoc/>
    public override string RecordedOutput(LayerCode code) => OutputName(code.Name(this));

    /// <inheritdoc/>
    public override IEnumerable<string> Fields(string name)
    {
        yield return $"private static readonly PlaneShape {name}Planes = {Image.Code};";
        var layers = Layers();
        foreach (var (inputs, outputs, kernel) in layers.Take(layers.Count - 1).Select(static layer => (layer.Inputs, layer.Outputs, layer.Kernel)).Distinct())
        {
            yield return $"private static readonly TapConvolution {Field(name, inputs, outputs, kernel)} = TapConvolution.Create({name}Planes, {Literals.Of(inputs)}, {Literals.Of(outputs)}, kernel: {Literals.Of(kernel)});";
        }

        yield return OutputField(name, Width, Channels, Kinds, layers.Last().Kernel, Layout().Last, Layout().Output);
    }

    /// <inheritdoc/>
    public override void Prepare(LayerCode code)
    {
        string name = code.Name(this);
        foreach (var layer in Layers())
        {
            code.Call("WeightNorm.Prepare", "preparation", Convolution(name, layer), Place.Parameters(layer.Parameters), Place.Weights(layer.Weights));
        }
    }

    /// <inheritdoc/>
    public override void Finish(LayerCode code)
    {
        string name = code.Name(this);
        foreach (var layer in Layers())
        {
            code.Call("WeightNorm.Finish", "sums", Convolution(name, layer), Place.Parameters(layer.Parameters), Place.Sums(layer.Sums));
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> ForwardLines(string name)
    {
        var layers = Layers();
        var at = Layout();
        string planes = $"{name}Planes";
        string width = Literals.Of(Width);
        string activation = Code(Activation);
        yield return $"Planes.Load(ref tile, {planes}, input, {Literals.Of(at.Input)}{Image.PixelArgument});";
        yield return Call(layers[0], at.Input, at.Hidden[0]);
        yield return Call(layers[1], at.Hidden[0], at.Skip);
        for (int block = 0; block < Blocks; block++)
        {
            int first = 2 + (3 * block);
            string keep = KeepsInput ? $", preActivation: {Literals.Of(at.Before[block])}" : "";
            yield return $"Planes.Activate(ref tile, {planes}, {width}, {Literals.Of(at.Hidden[block])}, {Literals.Of(at.Outer[block])}, {activation});";
            yield return Call(layers[first], at.Outer[block], at.Inner[block], $", {activation}{keep}");
            yield return $"Planes.Copy(ref tile, {planes}, {width}, {Literals.Of(at.Hidden[block])}, {Literals.Of(at.Hidden[block + 1])});";
            yield return Call(layers[first + 1], at.Inner[block], at.Hidden[block + 1], ", add: true");
            yield return Call(layers[first + 2], at.Hidden[block + 1], at.Skip, ", add: true");
        }

        yield return $"Planes.Activate(ref tile, {planes}, {width}, {Literals.Of(at.Skip)}, {Literals.Of(at.Last)}, {activation});";

        string Call(Layer layer, long from, long to, string options = "") =>
            $"{Field(name, layer)}.Forward(ref tile, {Sum("weights", layer.Weights)}, {Literals.Of(from)}, {Literals.Of(to)}{options});";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> BackwardLines(string name)
    {
        var layers = Layers();
        var at = Layout();
        string planes = $"{name}Planes";
        string width = Literals.Of(Width);
        string activation = $", {Code(Activation)}";
        string Before(long place) => KeepsInput ? $", {Literals.Of(place)}" : "";

        // What is left of the gradient of act(s) is that of s, and every convolution that was added to s takes it.
        yield return $"{OutputName(name)}.Backward(ref tile, {Sum("weights", layers.Last().Weights)}, {Sum("sums", layers.Last().Sums)}{activation}{Before(at.Skip)});";
        yield return Call(layers[layers.Count - 2], at.Hidden[Blocks], at.Last);
        for (int block = Blocks - 1; block >= 0; block--)
        {
            int first = 2 + (3 * block);
            yield return Call(layers[first + 1], at.Inner[block], at.Hidden[block + 1], activation + Before(KeepsInput ? at.Before[block] : 0));
            yield return Call(layers[first], at.Outer[block], at.Inner[block], activation + Before(at.Hidden[block]));
            yield return $"Planes.SumGradients(ref tile, {planes}, {width}, {Literals.Of(at.Hidden[block + 1])}, {Literals.Of(at.Outer[block])}, {Literals.Of(at.Hidden[block])});";
            yield return Call(layers[first - 1], at.Hidden[block], at.Last, ", accumulate: true");
        }

        yield return Call(layers[0], at.Input, at.Hidden[0]);
        yield return $"Planes.AddGradient(ref tile, {planes}, input, {Literals.Of(at.Input)}{Image.PixelArgument});";

        string Call(Layer layer, long from, long to, string options = "") =>
            $"{Field(name, layer)}.Backward(ref tile, {Sum("weights", layer.Weights)}, {Literals.Of(from)}, {Literals.Of(to)}, {Sum("sums", layer.Sums)}{options});";
    }

    private string Convolution(string name, Layer layer) => layer == Layers().Last() ? $"{OutputName(name)}.Convolution" : Field(name, layer);

    private static string Field(string name, Layer layer) => Field(name, layer.Inputs, layer.Outputs, layer.Kernel);

    private static string Field(string name, int inputs, int outputs, int kernel) =>
        $"{name}Convolution{Literals.Of(kernel)}x{Literals.Of(kernel)}From{Literals.Of(inputs)}To{Literals.Of(outputs)}";

    // The first convolution, the first of the skip connections, three for each block, the last.
    private List<Layer> Layers()
    {
        var layers = new List<Layer>();
        Add(Inputs, Width, 3);
        Add(Width, Width, 1);
        for (int block = 0; block < Blocks; block++)
        {
            Add(Width, Width, 3);
            Add(Width, Width, 3);
            Add(Width, Width, 1);
        }

        Add(Width, Outputs, 1);
        return layers;

        void Add(int inputs, int outputs, int kernel)
        {
            var last = layers.Count > 0 ? layers[layers.Count - 1] : null;
            layers.Add(new Layer(
                inputs,
                outputs,
                kernel,
                last is null ? 0 : last.Parameters + last.ParameterCount,
                last is null ? 0 : last.Weights + last.PreparedCount,
                last is null ? 0 : last.Sums + last.SumCount));
        }
    }

    // The output comes first, as rows; nothing is overwritten.
    private FloatLayout Layout()
    {
        long next = LayerSize.Product(Outputs, Image.Lanes);
        long input = Take(Inputs);
        long skip = Take(Width);
        long last = Take(Width);
        long output = Take(Outputs);
        long[] hidden = new long[Blocks + 1];
        long[] outer = new long[Blocks];
        long[] inner = new long[Blocks];
        long[] before = new long[Blocks];
        hidden[0] = Take(Width);
        for (int block = 0; block < Blocks; block++)
        {
            outer[block] = Take(Width);
            inner[block] = Take(Width);
            before[block] = KeepsInput ? Take(Width) : 0;
            hidden[block + 1] = Take(Width);
        }

        return new FloatLayout(input, skip, last, output, hidden, outer, inner, before, next);

        long Take(int planes)
        {
            long start = next;
            next += Image.Floats(planes);
            return start;
        }
    }

    /// <summary>One convolution: its shape and its place behind the conditioner's offsets.</summary>
    private sealed record Layer(int Inputs, int Outputs, int Kernel, long Parameters, long Weights, long Sums)
    {
        // Magnitudes, directions, bias.
        public long ParameterCount => SumCount + Outputs;

        public long PreparedCount => ImagePlanes.PreparedSize(Inputs, Outputs, Kernel);

        // Weights and bias.
        public long SumCount => ImagePlanes.TensorSize(Inputs, Outputs, Kernel) + Outputs;
    }

    /// <summary>Where runs of planes start in the work area, in floats: of x, s, act(s) and the output, of h, act(h), the inner activation and its input in each block; and the floats of all.</summary>
    private sealed record FloatLayout(long Input, long Skip, long Last, long Output, long[] Hidden, long[] Outer, long[] Inner, long[] Before, long Floats);
}
