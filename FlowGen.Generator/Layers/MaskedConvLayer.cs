using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;

namespace FlowGen.Generator.Layers;

/// <summary>A triangular linear map (MintNet, basic module).</summary>
/// <param name="Triangle">Which coordinates an output reads beside its own.</param>
/// <param name="Kernel">Height and width of the kernel on an image.</param>
/// <param name="Order">The order of an image's coordinates.</param>
/// <param name="IsPositive">Whether its diagonal is an exponential without sign.</param>
internal sealed record MaskedConvLayer(Triangle Triangle, int Kernel, TriangularOrder Order, bool IsPositive = false) : TriangularLayer(Triangle, Kernel, Order)
{
    /// <inheritdoc/>
    public override string Name => "MaskedConv";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Triangle.ToString(), KernelOption, OrderOption);

    /// <inheritdoc/>
    public override string Formula => $"z = W x + b, W {Structure}, its diagonal {(IsPositive ? "" : "sign ")}e^s";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Parameters;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(Form, IsPositive ? DiagonalBound.Positive() : DiagonalBound.Nonzero);

    /// <inheritdoc/>
    public override Certificate Certificate => new(Structure, IsPositive ? "positive" : "nonzero", "sum of s", "x by substitution, since no entry of the diagonal is zero");

    /// <inheritdoc/>
    public override LayerModel InSum => this with { IsPositive = true };

    private protected override int Maps => 1;

    // There are no signs to read where the diagonal has none.
    private string Signs => IsPositive ? "-1" : Place.Buffers();

    /// <inheritdoc/>
    public override string Convolution(string? before) => Declaration;

    /// <summary>Reads the options.</summary>
    public static MaskedConvLayer Parse(AttributeArguments arguments) => new(
        arguments.Enum<Triangle>(0), arguments.Int32("Kernel", 3), arguments.Enum("Order", TriangularOrder.ChannelMajor));

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        long size = shape.Channels;
        long kept = KeptTaps(shape);
        long rows = shape.IsImage ? Rows(shape, 2 * Planes(shape).Floats(size)) : LayerSize.Pad(size);
        return new(
            Parameters: kept + size,
            Buffers: IsPositive ? 0 : size,
            Weights: shape.IsImage
                ? 16 + Convolution(shape, 1, 1) + LayerSize.Pad(size) + LayerSize.Pad(kept)
                : (3 * LayerSize.Pad(size)) + 16 + LayerSize.Pad(kept),
            WorkRows: rows,
            RecordRows: rows,
            Sums: kept + 1,
            WidestInput: size);
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) =>
        $"{Size(shape)}, {Literals.Of(shape.Height)}, {Literals.Of(shape.Width)}, {Code(Triangle)}, {Literals.Of(shape.IsImage ? Kernel : 1)}, {Code(Order)}";

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        Call(code, shape, "Prepare", "preparation", [Place.Parameters(), Signs], [Place.Weights()]);

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => Call(code, shape, "Forward", "tile", [], [Place.Weights()]);

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => Call(code, shape, "Inverse", "tile", [], [Place.Weights()]);

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) =>
        Call(code, shape, "Backward", "tile", [], [Place.Weights(), Place.Parameters(), Place.Sums()]);

    /// <inheritdoc/>
    public override void Finish(LayerCode code, EventShape shape) =>
        Call(code, shape, "Finish", "sums", [Place.Parameters(), Signs], [Place.Sums()]);

    private void Call(LayerCode code, EventShape shape, string method, string by, string[] before, string[] after)
    {
        if (shape.IsImage)
        {
            string construction = $"{Size(shape)}, {Literals.Of(shape.Height)}, {Literals.Of(shape.Width)}, {Literals.Of(Kernel)}, {Code(Triangle)}, {Code(Order)}";
            code.CallShared("MaskedConvImage", construction, method, by, [.. before, .. after]);
        }
        else
        {
            code.Call($"MaskedConv.{method}", by, [.. before, Size(shape), Code(Triangle), .. after]);
        }
    }
}
