using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>A MintNet layer z = t x + W3 h(W2 h(W1 x + b1) + b2) + b3 (Song, Meng and Ermon, 2019): see <see cref="MintLayerAttribute"/>.</summary>
/// <remarks>
/// Hidden channel <c>c * paths + p</c> is path p of channel c. <c>weight1</c>, <c>weight2</c> and <c>weight3</c> hold the kept taps only, row-major over
/// <c>[output, input, kernel row, kernel column]</c>. The centre taps of W2 between paths i and j of one channel are
/// sign(w3 of i) sign(w1 of j) |weight2|, so that no product w3 w2 w1 is negative; t is max(|t|, 1e-12).
/// </remarks>
public sealed class MintLayer : LayerDescription
{
    /// <summary>The least slope of any coordinate.</summary>
    internal const double Floor = 1e-12;

    private readonly int height;
    private readonly int width;
    private readonly TriangularMask first;
    private readonly TriangularMask second;
    private readonly TriangularMask third;
    private readonly TriangularReference firstSum;
    private readonly TriangularReference secondSum;
    private readonly TriangularReference thirdSum;
    private bool[][]? reads;

    /// <summary>Used by generated code.</summary>
    /// <param name="channels">Channels of the image; coordinates of a vector.</param>
    /// <param name="height">Rows of the image; 1 for a vector.</param>
    /// <param name="width">Columns of the image; 1 for a vector.</param>
    /// <param name="triangle">Which coordinates an output reads beside its own.</param>
    /// <param name="paths">Hidden units for each coordinate.</param>
    /// <param name="kernel">Height and width of the kernels; 1 for a vector.</param>
    /// <param name="activation">The function h.</param>
    /// <param name="order">The order of the coordinates.</param>
    /// <param name="certificate">What the compiler proved.</param>
    public MintLayer(
        int channels, int height, int width, Triangle triangle, int paths, int kernel, Activation activation, TriangularOrder order, LayerCertificate certificate)
        : base(channels * height * width, certificate)
    {
        Channels = channels;
        Triangle = triangle;
        Paths = paths;
        Kernel = kernel;
        Activation = activation;
        Order = order;
        this.height = height;
        this.width = width;
        first = new TriangularMask(channels, kernel, triangle, order, 1, paths);
        second = new TriangularMask(channels, kernel, triangle, order, paths, paths);
        third = new TriangularMask(channels, kernel, triangle, order, paths, 1);
        firstSum = new TriangularReference(first, height, width);
        secondSum = new TriangularReference(second, height, width);
        thirdSum = new TriangularReference(third, height, width);
    }

    /// <inheritdoc/>
    public override string Kind => "MintLayer";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(
        Kind,
        Triangle.ToString(),
        DeclarationText.Option("Paths", Paths, 16),
        Size == Channels ? null : DeclarationText.Option("Kernel", Kernel, 3),
        DeclarationText.Choice("Activation", Activation, Activation.Elu),
        DeclarationText.Choice("Order", Order, TriangularOrder.ChannelMajor));

    /// <summary>Channels of the image; coordinates of a vector.</summary>
    public int Channels { get; }

    /// <summary>Which coordinates an output reads beside its own.</summary>
    public Triangle Triangle { get; }

    /// <summary>Hidden units for each coordinate.</summary>
    public int Paths { get; }

    /// <summary>Height and width of the kernels.</summary>
    public int Kernel { get; }

    /// <summary>The function h.</summary>
    public Activation Activation { get; }

    /// <summary>The order of the coordinates.</summary>
    public TriangularOrder Order { get; }

    /// <summary>The taps of W1.</summary>
    internal TriangularMask First => first;

    /// <summary>The taps of W2.</summary>
    internal TriangularMask Second => second;

    /// <summary>The taps of W3.</summary>
    internal TriangularMask Third => third;

    internal override bool IsPixelwise => false;

    internal override bool InvertsByIteration => Input.IsImage;

    private protected override void DeclareTensors(TensorList list)
    {
        list.Trainable("weight1", first.Count);
        list.Trainable("bias1", Channels * Paths);
        list.Trainable("weight2", second.Count);
        list.Trainable("bias2", Channels * Paths);
        list.Trainable("weight3", third.Count);
        list.Trainable("bias3", Channels);
        if (height * width == 1)
        {
            list.Trainable("t", Channels);
        }
        else
        {
            list.Trainable("t", Channels, height, width);
        }
    }

    /// <summary>Starts near the identity: small kernels, small biases, t = 1.</summary>
    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random)
    {
        int at = 0;
        at = Start(trainables, at, first, random);
        at = Start(trainables, at, second, random);
        at = Start(trainables, at, third, random);
        trainables[at..].Fill(1);
    }

    private int Start(Span<float> trainables, int at, TriangularMask mask, ParameterRandom random)
    {
        // Of the taps that an output has on average, half of all: the masked ones carry nothing.
        double inputs = (double)mask.Count / (Channels * mask.Outputs);
        double outputs = (double)mask.Count / (Channels * mask.Inputs);
        double deviation = Math.Sqrt(2 / (inputs + outputs)) * 0.3;
        double bound = 1 / Math.Sqrt(inputs);
        for (int i = 0; i < mask.Count; i++)
        {
            trainables[at + i] = (float)(deviation * random.Normal());
        }

        at += mask.Count;
        for (int i = 0; i < Channels * mask.Outputs; i++)
        {
            trainables[at + i] = mask == third ? 0 : random.Uniform(bound);
        }

        return at + (Channels * mask.Outputs);
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x) => ForwardBySums(weights, x);

    internal override void Forward(ReferenceWeights weights, Span<double> x, Span<double> logDiagonal)
    {
        var w1 = weights["weight1"];
        var w3 = weights["weight3"];
        var slopes = weights["t"];
        var bias3 = weights["bias3"];
        double[] w2 = SignedSecond(weights);
        int pixels = height * width;
        double[] a = new double[Paths * Size];
        double[] c = new double[Paths * Size];
        double[] u = new double[Paths * Size];
        double[] v = new double[Paths * Size];
        Hidden(firstSum, w1, weights["bias1"], x, u, a);
        Hidden(secondSum, w2, weights["bias2"], a, v, c);
        double[] z = new double[Size];
        double[] inner = new double[Paths];
        for (int channel = 0; channel < Channels; channel++)
        {
            var own = Centres(channel, w1, w2, w3);
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                int coordinate = (channel * pixels) + pixel;
                double t = Math.Max(Math.Abs(slopes[coordinate]), Floor);
                z[coordinate] = (t * x[coordinate]) + bias3[channel] + thirdSum.Sum(w3, c, channel, 0, pixel, withOwn: true);
                for (int j = 0; j < Paths; j++)
                {
                    inner[j] = Derivative(u[(((channel * Paths) + j) * pixels) + pixel]) * own.First[j];
                }

                double slope = t;
                for (int i = 0; i < Paths; i++)
                {
                    double sum = 0;
                    for (int j = 0; j < Paths; j++)
                    {
                        sum += own.Second[(i * Paths) + j] * inner[j];
                    }

                    slope += own.Third[i] * Derivative(v[(((channel * Paths) + i) * pixels) + pixel]) * sum;
                }

                logDiagonal[coordinate] = Math.Log(slope);
            }
        }

        z.CopyTo(x);
    }

    /// <summary>Coordinate by coordinate in the order of the triangle, each the root of an increasing function, bracketed by its least slope.</summary>
    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double[] w1 = weights["weight1"].ToArray();
        double[] w2 = SignedSecond(weights);
        double[] w3 = weights["weight3"].ToArray();
        var bias1 = weights["bias1"];
        var bias2 = weights["bias2"];
        var bias3 = weights["bias3"];
        var slopes = weights["t"];
        int pixels = height * width;
        double[] x = new double[Size];
        double[] a = new double[Paths * Size];
        double[] c = new double[Paths * Size];
        double[] u0 = new double[Paths];
        double[] v0 = new double[Paths];
        foreach (int coordinate in TriangularReference.InOrder(Channels, height, width, Triangle, Order))
        {
            int channel = coordinate / pixels;
            int pixel = coordinate % pixels;
            for (int p = 0; p < Paths; p++)
            {
                u0[p] = bias1[(channel * Paths) + p] + firstSum.Sum(w1, x, channel, p, pixel, withOwn: false);
                v0[p] = bias2[(channel * Paths) + p] + secondSum.Sum(w2, a, channel, p, pixel, withOwn: false);
            }

            double rest = bias3[channel] + thirdSum.Sum(w3, c, channel, 0, pixel, withOwn: false) - z[coordinate];
            double t = Math.Max(Math.Abs(slopes[coordinate]), Floor);
            var own = Centres(channel, w1, w2, w3);
            double Excess(double value)
            {
                double sum = (t * value) + rest;
                for (int j = 0; j < Paths; j++)
                {
                    a[(((channel * Paths) + j) * pixels) + pixel] = ReferenceFunctions.Apply(Activation, u0[j] + (own.First[j] * value));
                }

                for (int i = 0; i < Paths; i++)
                {
                    double v = v0[i];
                    for (int j = 0; j < Paths; j++)
                    {
                        v += own.Second[(i * Paths) + j] * a[(((channel * Paths) + j) * pixels) + pixel];
                    }

                    double h = ReferenceFunctions.Apply(Activation, v);
                    c[(((channel * Paths) + i) * pixels) + pixel] = h;
                    sum += own.Third[i] * h;
                }

                return sum;
            }

            x[coordinate] = Root(Excess, t);
            _ = Excess(x[coordinate]);
        }

        x.CopyTo(z);
        double[] copy = [.. x];
        return -Forward(weights, copy);
    }

    internal override bool MayDepend(int output, int input)
    {
        reads ??= new bool[Size][];
        if (reads[output] is null)
        {
            bool[] set = new bool[Size];
            set[output] = true;
            reads[output] = thirdSum.Read(secondSum.Read(firstSum.Read(set)));
        }

        return reads[output][input];
    }

    /// <summary>The taps of W2, those between paths of one channel with the signs that make it increase.</summary>
    internal double[] SignedSecond(ReferenceWeights weights)
    {
        double[] w2 = weights["weight2"].ToArray();
        var w1 = weights["weight1"];
        var w3 = weights["weight3"];
        for (int channel = 0; channel < Channels; channel++)
        {
            for (int i = 0; i < Paths; i++)
            {
                int outer = Math.Sign(w3[third.Centre(channel, 0, i)]);
                for (int j = 0; j < Paths; j++)
                {
                    ref double centre = ref w2[second.Centre(channel, i, j)];
                    centre = outer * Math.Sign(w1[first.Centre(channel, j, 0)]) * Math.Abs(centre);
                }
            }
        }

        return w2;
    }

    /// <summary>The weights between the paths of one channel at its own pixel: of W1 and W3 one for each path, of W2 <c>[path, path]</c>.</summary>
    private (double[] First, double[] Second, double[] Third) Centres(int channel, ReadOnlySpan<double> w1, ReadOnlySpan<double> w2, ReadOnlySpan<double> w3)
    {
        double[] own1 = new double[Paths];
        double[] own2 = new double[Paths * Paths];
        double[] own3 = new double[Paths];
        for (int i = 0; i < Paths; i++)
        {
            own1[i] = w1[first.Centre(channel, i, 0)];
            own3[i] = w3[third.Centre(channel, 0, i)];
            for (int j = 0; j < Paths; j++)
            {
                own2[(i * Paths) + j] = w2[second.Centre(channel, i, j)];
            }
        }

        return (own1, own2, own3);
    }

    /// <summary>
    /// The root of an increasing function whose slope is at least <paramref name="least"/>: secants of its bracket (the Illinois method), which halve it where they do not, down to
    /// neighbours.
    /// </summary>
    private static double Root(Func<double, double> function, double least)
    {
        double atNear = function(0);
        if (!double.IsFinite(atNear) || atNear == 0)
        {
            return atNear == 0 ? 0 : double.NaN;
        }

        // Reach out in growing steps: the bracket by the least slope alone may be a million times too wide.
        double near = 0;
        double step = 1;
        int side = Math.Sign(atNear);
        double limit = Math.Abs(atNear) / least * (1 + 1e-9);
        double far = -side * Math.Min(step, limit);
        double atFar = function(far);
        while (Math.Sign(atFar) == side && Math.Abs(far) < limit)
        {
            (near, atNear) = (far, atFar);
            step *= 2;
            far = -side * Math.Min(step, limit);
            atFar = function(far);
        }

        int lastMoved = 0;
        for (int i = 0; i < 300 && atFar != 0; i++)
        {
            double share = i % 3 == 2 ? 0.5 : atNear / (atNear - atFar);
            double next = near + ((share > 0 && share < 1 ? share : 0.5) * (far - near));
            if (next == near || next == far)
            {
                // The secant may stop one step from an end; the middle stops between neighbours only.
                next = near + ((far - near) / 2);
                if (next == near || next == far)
                {
                    break;
                }
            }

            double value = function(next);
            bool moves = Math.Sign(value) == side;
            (near, atNear) = moves ? (next, value) : (near, lastMoved == -1 ? atNear / 2 : atNear);
            (far, atFar) = moves ? (far, lastMoved == 1 ? atFar / 2 : atFar) : (next, value);
            lastMoved = moves ? 1 : -1;
        }

        return atFar == 0 ? far : near + ((far - near) / 2);
    }

    private double Derivative(double x) => ReferenceFunctions.Derivative(Activation, x);

    private void Hidden(TriangularReference sum, ReadOnlySpan<double> taps, ReadOnlySpan<double> bias, ReadOnlySpan<double> inputs, double[] before, double[] after)
    {
        int pixels = height * width;
        for (int unit = 0; unit < Channels * Paths; unit++)
        {
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                double value = bias[unit] + sum.Sum(taps, inputs, unit / Paths, unit % Paths, pixel, withOwn: true);
                before[(unit * pixels) + pixel] = value;
                after[(unit * pixels) + pixel] = ReferenceFunctions.Apply(Activation, value);
            }
        }
    }
}
