using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>2 x 2 blocks to channels (Real NVP, section 3.6): see <see cref="SqueezeAttribute"/>.</summary>
/// <param name="channels">C of the input.</param>
/// <param name="height">H of the input.</param>
/// <param name="width">W of the input.</param>
/// <param name="order">Which pixel becomes which channel.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class SqueezeLayer(int channels, int height, int width, SqueezeOrder order, LayerCertificate certificate)
    : LayerDescription(channels * height * width, certificate)
{
    private readonly int[] places = Places(channels, height, width, order);

    /// <inheritdoc/>
    public override string Kind => "Squeeze";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(Kind, DeclarationText.Choice("Order", Order, SqueezeOrder.ChannelMajor));

    /// <summary>Which pixel becomes which channel.</summary>
    public SqueezeOrder Order { get; } = order;

    internal override bool IsPixelwise => false;

    internal override EventShape Output(EventShape input) => EventShape.Image(4 * input.Channels, input.Height / 2, input.Width / 2);

    private protected override void DeclareTensors(TensorList list)
    {
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        Scatter(places, x);
        return 0;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        Gather(places, z);
        return 0;
    }

    internal override bool MayDepend(int output, int input) => places[input] == output;

    /// <summary>Where each coordinate of an image goes when it is squeezed.</summary>
    internal static int[] Places(int channels, int height, int width, SqueezeOrder order)
    {
        int[] places = new int[channels * height * width];
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int channel = SqueezeOrders.Channel(order, channels, c, y % 2, x % 2);
                    places[(((c * height) + y) * width) + x] = (((channel * (height / 2)) + (y / 2)) * (width / 2)) + (x / 2);
                }
            }
        }

        return places;
    }

    internal static void Scatter(int[] places, Span<double> x)
    {
        double[] before = x.ToArray();
        for (int i = 0; i < before.Length; i++)
        {
            x[places[i]] = before[i];
        }
    }

    internal static void Gather(int[] places, Span<double> z)
    {
        double[] before = z.ToArray();
        for (int i = 0; i < before.Length; i++)
        {
            z[i] = before[places[i]];
        }
    }
}
