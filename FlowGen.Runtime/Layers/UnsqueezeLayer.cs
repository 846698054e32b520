using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Channels to 2 x 2 blocks: see <see cref="UnsqueezeAttribute"/>.</summary>
/// <param name="channels">C of the output.</param>
/// <param name="height">H of the output.</param>
/// <param name="width">W of the output.</param>
/// <param name="order">Which channel becomes which pixel.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class UnsqueezeLayer(int channels, int height, int width, SqueezeOrder order, LayerCertificate certificate)
    : LayerDescription(channels * height * width, certificate)
{
    private readonly int[] places = SqueezeLayer.Places(channels, height, width, order);

    /// <inheritdoc/>
    public override string Kind => "Unsqueeze";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(Kind, DeclarationText.Choice("Order", Order, SqueezeOrder.ChannelMajor));

    /// <summary>Which channel becomes which pixel.</summary>
    public SqueezeOrder Order { get; } = order;

    internal override bool IsPixelwise => false;

    internal override EventShape Output(EventShape input) => EventShape.Image(input.Channels / 4, 2 * input.Height, 2 * input.Width);

    private protected override void DeclareTensors(TensorList list)
    {
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        SqueezeLayer.Gather(places, x);
        return 0;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        SqueezeLayer.Scatter(places, z);
        return 0;
    }

    internal override bool MayDepend(int output, int input) => places[output] == input;
}
