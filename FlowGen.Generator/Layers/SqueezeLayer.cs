using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>2 x 2 blocks to channels (Real NVP, section 3.6).</summary>
/// <param name="Order">Which pixel becomes which channel.</param>
internal sealed record SqueezeLayer(SqueezeOrder Order) : LayerModel
{
    /// <inheritdoc/>
    public override string Name => "Squeeze";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Order == SqueezeOrder.ChannelMajor ? null : $"Order = {Order}");

    /// <inheritdoc/>
    public override string Formula => "every 2 x 2 block of a channel becomes four channels of one pixel";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Zero;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Permutation, DiagonalBound.One, kind: LayerKind.Permutation);

    /// <inheritdoc/>
    public override Certificate Certificate => new("permutation", "1 but for the order", "0", "the blocks are put together again");

    /// <inheritdoc/>
    public override LayerDomain Domain => LayerDomain.Images;

    /// <summary>Reads the options.</summary>
    public static SqueezeLayer Parse(AttributeArguments arguments) => new(arguments.Enum("Order", SqueezeOrder.ChannelMajor));

    /// <summary>The order of the coordinates after squeezing an image: z[i] = x[order[i]].</summary>
    public static int[] OrderOf(EventShape image, SqueezeOrder order)
    {
        int[] places = new int[image.Size];
        for (int c = 0; c < image.Channels; c++)
        {
            for (int y = 0; y < image.Height; y++)
            {
                for (int x = 0; x < image.Width; x++)
                {
                    int channel = Channel(order, image.Channels, c, y % 2, x % 2);
                    places[(((channel * (image.Height / 2)) + (y / 2)) * (image.Width / 2)) + (x / 2)] = (((c * image.Height) + y) * image.Width) + x;
                }
            }
        }

        return places;
    }

    /// <summary>Whether squeezing an image leaves all numbers where they are: of one block to a channel it may.</summary>
    public static bool IsIdentity(EventShape image, SqueezeOrder order) =>
        image is { Height: 2, Width: 2 } && OrderOf(image, order).Select(static (place, index) => place == index).All(static kept => kept);

    /// <inheritdoc/>
    public override bool KeepsOrder(EventShape shape) => IsIdentity(shape, Order);

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings) => findings.CheckDefined(Name, Order);

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        if (shape.Height % 2 != 0 || shape.Width % 2 != 0)
        {
            string side = shape.Height % 2 != 0 ? $"height of {Literals.Of(shape.Height)}" : $"width of {Literals.Of(shape.Width)}";
            findings.Add(DiagnosticIds.OddSqueeze, Literals.Of(index), side, before.Path);
        }
    }

    /// <inheritdoc/>
    public override EventShape Output(EventShape input) => EventShape.Image(4 * input.Channels, input.Height / 2, input.Width / 2);

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Permute(OrderOf(shape, Order));

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape) => new(WorkRows: shape.Channels, RecordRows: shape.Channels);

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => Arguments(shape);

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) => code.Call("Squeeze.Forward", "tile", Arguments(shape));

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape) => code.Call("Squeeze.Inverse", "tile", Arguments(shape));

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) => code.Call("Squeeze.Backward", "tile", Arguments(shape));

    private static int Channel(SqueezeOrder order, int channels, int c, int dy, int dx) => order switch
    {
        SqueezeOrder.ChannelMajor => (4 * c) + (2 * dy) + dx,
        SqueezeOrder.Checkerboard => ((dy == dx ? dy : 2 + dy) * channels) + c,
        _ => (((2 * dy) + dx) * channels) + c,
    };

    private string Arguments(EventShape shape) =>
        $"{Literals.Of(shape.Channels)}, {Literals.Of(shape.Height)}, {Literals.Of(shape.Width)}, {Code(Order)}";
}
