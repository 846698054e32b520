using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>A triangular linear map, a masked convolution on an image (MintNet, basic module): see <see cref="MaskedConvAttribute"/>.</summary>
/// <remarks>
/// The tensor <c>weight</c> holds the kept taps but for the diagonal, row-major over <c>[output, input, kernel row, kernel column]</c>; the diagonal
/// of channel c is <c>sign[c] exp(log_diagonal[c])</c>, and within a sum <c>exp(log_diagonal[c])</c>.
/// </remarks>
public sealed class MaskedConvLayer : LayerDescription
{
    private readonly TriangularReference reference;
    private readonly int height;
    private readonly int width;
    private bool[][]? reads;
    private bool isPositive;

    /// <summary>Used by generated code.</summary>
    /// <param name="channels">Channels of the image; coordinates of a vector.</param>
    /// <param name="height">Rows of the image; 1 for a vector.</param>
    /// <param name="width">Columns of the image; 1 for a vector.</param>
    /// <param name="triangle">Which coordinates an output reads beside its own.</param>
    /// <param name="kernel">Height and width of the kernel; 1 for a vector.</param>
    /// <param name="order">The order of the coordinates.</param>
    /// <param name="certificate">What the compiler proved.</param>
    public MaskedConvLayer(int channels, int height, int width, Triangle triangle, int kernel, TriangularOrder order, LayerCertificate certificate)
        : base(channels * height * width, certificate)
    {
        Triangle = triangle;
        Kernel = kernel;
        Order = order;
        this.height = height;
        this.width = width;
        Mask = new TriangularMask(channels, kernel, triangle, order, 1, 1);
        reference = new TriangularReference(Mask, height, width);
    }

    /// <inheritdoc/>
    public override string Kind => "MaskedConv";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(
        Kind, Triangle.ToString(), Size == Mask.Channels ? null : DeclarationText.Option("Kernel", Kernel, 3), DeclarationText.Choice("Order", Order, TriangularOrder.ChannelMajor));

    /// <summary>Which coordinates an output reads beside its own.</summary>
    public Triangle Triangle { get; }

    /// <summary>Height and width of the kernel.</summary>
    public int Kernel { get; }

    /// <summary>The order of the coordinates.</summary>
    public TriangularOrder Order { get; }

    /// <summary>Which taps there are.</summary>
    internal TriangularMask Mask { get; }

    internal override bool IsPixelwise => false;

    private protected override void DeclareTensors(TensorList list)
    {
        if (Mask.Count > Mask.Channels)
        {
            list.Trainable("weight", Mask.Count - Mask.Channels);
        }

        list.Trainable("log_diagonal", Mask.Channels);
        list.Trainable("bias", Mask.Channels);
        if (!isPositive)
        {
            list.Buffer("sign", TensorElement.Single, Mask.Channels);
        }
    }

    internal override void Join() => isPositive = true;

    /// <summary>Starts near the identity.</summary>
    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random)
    {
        for (int i = 0; i < Mask.Count - Mask.Channels; i++)
        {
            trainables[i] = (float)(0.05 * random.Normal() / Math.Sqrt(Math.Max(1, Mask.Count / Mask.Channels)));
        }

        buffers.Fill(1);
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x) => ForwardBySums(weights, x);

    internal override void Forward(ReferenceWeights weights, Span<double> x, Span<double> logDiagonal)
    {
        double[] taps = Taps(weights);
        double[] input = x.ToArray();
        var bias = weights["bias"];
        int pixels = height * width;
        for (int coordinate = 0; coordinate < x.Length; coordinate++)
        {
            int channel = coordinate / pixels;
            x[coordinate] = bias[channel] + reference.Sum(taps, input, channel, 0, coordinate % pixels, withOwn: true);
            logDiagonal[coordinate] = weights["log_diagonal"][channel];
        }
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double[] taps = Taps(weights);
        double[] x = new double[z.Length];
        var bias = weights["bias"];
        int pixels = height * width;
        foreach (int coordinate in TriangularReference.InOrder(Mask.Channels, height, width, Triangle, Order))
        {
            int channel = coordinate / pixels;
            double others = bias[channel] + reference.Sum(taps, x, channel, 0, coordinate % pixels, withOwn: false);
            x[coordinate] = (z[coordinate] - others) / taps[Mask.Centre(channel, 0, 0)];
        }

        x.CopyTo(z);
        return -LogDet(weights);
    }

    internal override bool MayDepend(int output, int input)
    {
        reads ??= new bool[Size][];
        reads[output] ??= reference.Read(Only(output));
        return reads[output][input];
    }

    /// <summary>All kept taps, the diagonal among them.</summary>
    internal double[] Taps(ReferenceWeights weights)
    {
        double[] taps = new double[Mask.Count];
        var rest = Mask.Count > Mask.Channels ? weights["weight"] : default;
        var logDiagonal = weights["log_diagonal"];
        var sign = isPositive ? default : weights["sign"];
        int next = 0;
        int channel = 0;
        for (int i = 0; i < taps.Length; i++)
        {
            if (channel < Mask.Channels && i == Mask.Centre(channel, 0, 0))
            {
                taps[i] = (isPositive ? 1 : sign[channel]) * Math.Exp(logDiagonal[channel]);
                channel++;
            }
            else
            {
                taps[i] = rest[next++];
            }
        }

        return taps;
    }

    private bool[] Only(int coordinate)
    {
        bool[] set = new bool[Size];
        set[coordinate] = true;
        return set;
    }

    private double LogDet(ReferenceWeights weights)
    {
        double sum = 0;
        foreach (double log in weights["log_diagonal"])
        {
            sum += height * width * log;
        }

        return sum;
    }
}
