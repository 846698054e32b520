using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>What triangular layers have in common (MintNet, proposition 1): an orientation, an order, a kernel with a centre.</summary>
/// <param name="Triangle">Which coordinates an output reads beside its own.</param>
/// <param name="Kernel">Height and width of the kernel on an image.</param>
/// <param name="Order">The order of an image's coordinates.</param>
internal abstract record TriangularLayer(Triangle Triangle, int Kernel, TriangularOrder Order) : LayerModel
{
    private const int WidestKernel = 63;

    /// <summary>The structure of its Jacobian, as a value.</summary>
    private protected JacobianForm Form => Direction!.Value.Form;

    /// <inheritdoc/>
    public override Direction? Direction => new(Triangle, Order, ReadsPixels: Kernel > 1);

    /// <summary>How many triangular maps follow each other in it, with curves in between.</summary>
    private protected abstract int Maps { get; }

    private protected string Structure => Direction!.Value.Structure;

    /// <inheritdoc/>
    public override bool Centres => true;

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        findings.CheckDefined(Name, Triangle);
        findings.CheckDefined(Name, Order);
        if (Kernel < 1 || Kernel % 2 == 0 || Kernel > WidestKernel)
        {
            findings.Add(DiagnosticIds.KernelWithoutCentre, Name, Literals.Of(Kernel), Literals.Of(WidestKernel));
        }
    }

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Triangular(new TriangularReads(shape, Triangle, Kernel, Order), Maps);

    /// <summary>The planes that the layer works on.</summary>
    private protected PlaneSize Planes(EventShape shape) => new(shape.Height, shape.Width, Kernel / 2);

    /// <summary>The taps that a masked convolution of so many channels keeps, one input and one output for each channel: a half of all, and the centres.</summary>
    private protected long KeptTaps(EventShape shape) => shape.IsImage
        ? ((LayerSize.Product((long)shape.Channels * shape.Channels, (long)Kernel * Kernel)) + shape.Channels) / 2
        : Kept(shape.Channels, 1, 1);

    /// <summary>The most floats that a convolution takes in the prepared weights: blocks of outputs that share taps may hold zeros.</summary>
    private protected long Convolution(EventShape shape, long inputs, long outputs) =>
        LayerSize.Pad(shape.Channels * outputs)
        + LayerSize.Pad(LayerSize.Product(LayerSize.Product(shape.Channels * inputs, shape.Channels * outputs), (long)Kernel * Kernel));

    /// <summary>Floats as rows of a tile.</summary>
    private protected static long Rows(EventShape shape, long floats) => (floats + shape.Lanes - 1) / shape.Lanes;

    /// <summary>The kept entries of a triangular matrix of blocks.</summary>
    private protected static long Kept(long size, long inputs, long outputs) =>
        LayerSize.Product(LayerSize.Product(inputs, outputs), LayerSize.Product(size, size + 1) / 2);

    private protected string? KernelOption => Kernel == 3 ? null : $"Kernel = {Literals.Of(Kernel)}";

    private protected string? OrderOption => Order == TriangularOrder.ChannelMajor ? null : $"Order = {Order}";
}
