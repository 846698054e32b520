namespace FlowGen;

/// <summary>
/// The basic module of MintNet (Song, Meng and Ermon, 2019): z = W x + b with a triangular W, a masked convolution on an image and a triangular
/// matrix on a vector; log-det is the number of pixels times the sum of the logarithms of the diagonal, which is a sign times an exponential.
/// </summary>
/// <param name="triangle">Which coordinates an output reads beside its own.</param>
public sealed class MaskedConvAttribute(Triangle triangle) : FlowLayerAttribute
{
    /// <summary>Which coordinates an output reads beside its own.</summary>
    public Triangle Triangle { get; } = triangle;

    /// <summary>The height and width of the kernel on an image: odd, so that it has a centre. A vector has no neighbours.</summary>
    public int Kernel { get; set; } = 3;

    /// <summary>The order of an image's coordinates.</summary>
    public TriangularOrder Order { get; set; } = TriangularOrder.ChannelMajor;
}
