using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>A layer of MintNet: t x and three triangular maps with two activations between them, the signs of whose diagonals make every path rise.</summary>
/// <param name="Triangle">Which coordinates an output reads beside its own.</param>
/// <param name="Paths">Hidden units for each coordinate.</param>
/// <param name="Kernel">Height and width of the kernels on an image.</param>
/// <param name="Activation">The function between the maps.</param>
/// <param name="Order">The order of an image's coordinates.</param>
internal sealed record MintLayer(Triangle Triangle, int Paths, int Kernel, Activation Activation, TriangularOrder Order)
    : TriangularLayer(Triangle, Kernel, Order)
{
    private const int MostPaths = 4096;

    /// <inheritdoc/>
    public override string Name => "MintLayer";

    /// <inheritdoc/>
    public override string DescriptionType => "MintLayer";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(
        Name,
        Triangle.ToString(),
        Paths == 16 ? null : $"Paths = {Literals.Of(Paths)}",
        KernelOption,
        Activation == Activation.Elu ? null : $"Activation = {Activation}",
        OrderOption);

    /// <inheritdoc/>
    public override string Formula => $"z = t x + W3 h(W2 h(W1 x + b1) + b2) + b3, h = {Activation}, W1, W2 and W3 {Structure}";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Data;

    /// <inheritdoc/>
    public override bool KeepsInput => true;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(Form, DiagonalBound.Positive(1e-12), ActivationFacts.SmoothnessOf(Activation), LayerKind.Iterative);

    /// <inheritdoc/>
    public override Certificate Certificate => new(
        Structure, "positive, at least t", "sum of log(t + sum of w3 h' w2 h' w1)", "x by iteration, since every coordinate rises with slope t or more where those before it are fixed");

    /// <inheritdoc/>
    public override LayerModel InSum => this;

    private protected override int Maps => 3;

    /// <summary>Reads the options.</summary>
    public static MintLayer Parse(AttributeArguments arguments) => Parse(arguments, arguments.Enum<Triangle>(0));

    /// <summary>Reads the options of a pair.</summary>
    public static LayerModel[] ParsePair(AttributeArguments arguments) => [Parse(arguments, Triangle.Lower), Parse(arguments, Triangle.Upper)];

    private static MintLayer Parse(AttributeArguments arguments, Triangle triangle) => new(
        triangle,
        arguments.Int32("Paths", 16),
        arguments.Int32("Kernel", 3),
        arguments.Enum("Activation", Activation.Elu),
        arguments.Enum("Order", TriangularOrder.ChannelMajor));

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        base.CheckOptions(findings);
        findings.CheckDefined(Name, Activation);
        if (Paths < 1)
        {
            findings.Add(DiagnosticIds.NoPaths, Name, Literals.Of(Paths));
        }
        else if (Paths > MostPaths)
        {
            findings.Add(DiagnosticIds.StackTooLarge, Name, $"{Literals.Of(Paths)} paths", Literals.Of(MostPaths));
        }

        switch (Activation)
        {
            case Activation.Relu:
                findings.AddWithRemedy(DiagnosticIds.ActivationNotSmooth, "Elu", Name, "Relu", "slope jumps from 0 to 1 at 0", "its slope of 0 leaves the diagonal to t alone; ");
                break;
            case Activation.LeakyRelu:
                findings.AddWithRemedy(DiagnosticIds.ActivationNotSmooth, "Elu", Name, "LeakyRelu", "slope jumps from 0.01 to 1 at 0", "");
                break;
            case Activation.Silu:
                findings.AddWithRemedy(DiagnosticIds.ActivationFalls, "Elu", Name, "Silu", "-0.1", "-1.279");
                break;
            case Activation.Gelu:
                findings.AddWithRemedy(DiagnosticIds.ActivationFalls, "Elu", Name, "Gelu", "-0.13", "-0.752");
                break;
            case Activation.Identity:
                findings.AddWithRemedy(DiagnosticIds.LinearMint, "Elu", Name);
                break;
        }
    }

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        long size = shape.Channels;
        long units = LayerSize.Product(size, Paths);
        long kept = KeptTaps(shape);
        long first = LayerSize.Product(kept, Paths);
        long second = LayerSize.Product(first, Paths);
        long parameters = (2 * first) + second + (2 * units) + size + (size * shape.Pixels);
        long pairs = LayerSize.Product(units, Paths);
        if (!shape.IsImage)
        {
            return new(
                Parameters: parameters,
                Weights: (2 * LayerSize.Pad(size)) + (4 * LayerSize.Pad(units)) + (2 * LayerSize.Pad(first)) + LayerSize.Pad(second) + (2 * LayerSize.Pad(pairs)),
                WorkRows: (3 * units) + (3 * size) + Paths + 4,
                RecordRows: (3 * units) + (3 * size) + Paths + 4,
                Sums: pairs,
                WidestInput: units);
        }

        // As MintPlanes and MintSequence.
        var planes = Planes(shape);
        long width = Paths <= 4 ? 4 : Paths <= 8 ? 8 : LayerSize.Pad(Paths);
        long work = (4 * planes.Floats(size)) + (3 * planes.Floats(units)) + planes.Floats(Paths) + (size * LayerSize.Pad(shape.Pixels));
        long sequence = (2 * LayerSize.Product(planes.Floats(1), size * width)) + (6 * width);
        return new(
            Parameters: parameters,
            Weights: (size * planes.Lanes) + LayerSize.Pad(units)
                + Convolution(shape, 1, Paths) + Convolution(shape, Paths, Paths) + Convolution(shape, Paths, 1) + LayerSize.Pad(pairs) + 16
                + (size * (4 + Paths) * width) + LayerSize.Product(kept - size, (2 + Paths) * width),
            WorkRows: Rows(shape, work + sequence),
            RecordRows: Rows(shape, work),
            Sums: pairs,
            WidestInput: Rows(shape, planes.Size * (LayerSize.Pad(Paths) | 16)));
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) =>
        $"{Size(shape)}, {Literals.Of(shape.Height)}, {Literals.Of(shape.Width)}, {Code(Triangle)}, {Literals.Of(Paths)}, {Literals.Of(shape.IsImage ? Kernel : 1)}, {Code(Activation)}, {Code(Order)}";

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        Call(code, shape, "Prepare", "preparation", withActivation: false, [Place.Parameters()], [Place.Weights()]);

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => Call(code, shape, "Forward", "tile", withActivation: true, [], [Place.Weights()]);

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => Call(code, shape, "Inverse", "tile", withActivation: true, [], [Place.Weights()]);

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        Call(code, shape, "Backward", "tile", withActivation: true, [], [Place.Weights(), Place.Parameters(), Place.Sums()]);

    /// <inheritdoc/>
    public override void Finish(LayerCode code, EventShape shape) =>
        Call(code, shape, "Finish", "sums", withActivation: false, [Place.Parameters()], [Place.Sums()]);

    private void Call(LayerCode code, EventShape shape, string method, string by, bool withActivation, string[] before, string[] after)
    {
        if (shape.IsImage)
        {
            string construction =
                $"{Size(shape)}, {Literals.Of(shape.Height)}, {Literals.Of(shape.Width)}, {Literals.Of(Paths)}, {Literals.Of(Kernel)}, {Code(Triangle)}, {Code(Order)}, {Code(Activation)}";
            code.CallShared("MintImage", construction, method, by, [.. before, .. after]);
        }
        else
        {
            string[] activation = withActivation ? [Code(Activation)] : [];
            code.Call($"Mint.{method}", by, [.. before, Size(shape), Literals.Of(Paths), Code(Triangle), .. activation, .. after]);
        }
    }
}
