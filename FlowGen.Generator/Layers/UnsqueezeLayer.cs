using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>Channels to 2 x 2 blocks: the inverse of Squeeze.</summary>
/// <param name="Order">Which channel becomes which pixel.</param>
internal sealed record UnsqueezeLayer(SqueezeOrder Order) : LayerModel
{
    /// <inheritdoc/>
    public override string Name => "Unsqueeze";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Order == SqueezeOrder.ChannelMajor ? null : $"Order = {Order}");

    /// <inheritdoc/>
    public override string Formula => "four channels of one pixel become a 2 x 2 block of one channel";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Zero;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Permutation, DiagonalBound.One, kind: LayerKind.Permutation);

    /// <inheritdoc/>
    public override Certificate Certificate => new("permutation", "1 but for the order", "0", "the blocks are taken apart again");

    /// <inheritdoc/>
    public override LayerDomain Domain => LayerDomain.Images;

    /// <summary>Reads the options.</summary>
    public static UnsqueezeLayer Parse(AttributeArguments arguments) => new(arguments.Enum("Order", SqueezeOrder.ChannelMajor));

    /// <inheritdoc/>
    public override bool KeepsOrder(EventShape shape) => SqueezeLayer.IsIdentity(Output(shape), Order);

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings) => findings.CheckDefined(Name, Order);

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        if (shape.Channels % 4 != 0)
        {
            findings.Add(DiagnosticIds.UnsqueezeChannels, Literals.Of(index), Literals.Of(shape.Channels), before.Path);
        }
    }

    /// <inheritdoc/>
    public override EventShape Output(EventShape input) => EventShape.Image(input.Channels / 4, 2 * input.Height, 2 * input.Width);

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape)
    {
        int[] squeeze = SqueezeLayer.OrderOf(Output(shape), Order);
        int[] order = new int[squeeze.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[squeeze[i]] = i;
        }

        trace.Permute(order);
    }

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => new(WorkRows: shape.Channels, RecordRows: shape.Channels);

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => Arguments(shape);

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => code.Call("Unsqueeze.Forward", "tile", Arguments(shape));

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => code.Call("Unsqueeze.Inverse", "tile", Arguments(shape));

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) => code.Call("Unsqueeze.Backward", "tile", Arguments(shape));

    private string Arguments(EventShape shape)
    {
        var image = Output(shape);
        return $"{Literals.Of(image.Channels)}, {Literals.Of(image.Height)}, {Literals.Of(image.Width)}, {Code(Order)}";
    }
}
