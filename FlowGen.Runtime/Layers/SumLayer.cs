using System.Globalization;
using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>The sum of two modules whose Jacobians are triangular in one order, z = a A(x) + b B(x) (Song, Meng and Ermon, 2019, proposition 1): see <see cref="SumAttribute{TFirst, TSecond}"/>.</summary>
/// <remarks>
/// The tensors are those of the modules' layers: <c>first.0.bias</c> is that of the first layer of the first module. The diagonal of a masked convolution within
/// a sum is <c>exp(log_diagonal)</c>, without signs.
/// </remarks>
public sealed class SumLayer : LayerDescription
{
    private readonly Triangle triangle;
    private readonly TriangularOrder order;
    private readonly List<int[][]> firstReads = [];
    private readonly List<int[][]> secondReads = [];
    private readonly bool[]?[] reads;

    /// <summary>Used by generated code.</summary>
    /// <param name="size">The number of coordinates.</param>
    /// <param name="triangle">Which coordinates an output reads beside its own.</param>
    /// <param name="order">The order of an image's coordinates.</param>
    /// <param name="firstWeight">a: positive.</param>
    /// <param name="first">The layers of A, data to latent.</param>
    /// <param name="secondWeight">b: positive.</param>
    /// <param name="second">The layers of B, data to latent.</param>
    /// <param name="certificate">What the compiler proved.</param>
    public SumLayer(
        int size, Triangle triangle, TriangularOrder order, double firstWeight, IReadOnlyList<LayerDescription> first, double secondWeight, IReadOnlyList<LayerDescription> second,
        LayerCertificate certificate)
        : base(size, certificate)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        this.triangle = triangle;
        this.order = order;
        FirstWeight = firstWeight;
        First = first;
        SecondWeight = secondWeight;
        Second = second;
        reads = new bool[]?[size];
        foreach (var layer in first.Concat(second))
        {
            layer.Join();
        }
    }

    /// <inheritdoc/>
    public override string Kind => "Sum";

    /// <inheritdoc/>
    public override string Declaration => string.Create(CultureInfo.InvariantCulture, $"Sum({FirstWeight:R} [{Text(First)}] + {SecondWeight:R} [{Text(Second)}])");

    /// <summary>a.</summary>
    public double FirstWeight { get; }

    /// <summary>The layers of A: the first acts first on the data.</summary>
    public IReadOnlyList<LayerDescription> First { get; }

    /// <summary>b.</summary>
    public double SecondWeight { get; }

    /// <summary>The layers of B: the first acts first on the data.</summary>
    public IReadOnlyList<LayerDescription> Second { get; }

    internal override bool IsPixelwise => false;

    internal override bool InvertsByIteration => true;

    private protected override void DeclareTensors(TensorList list)
    {
        Declare("first", First);
        Declare("second", Second);

        void Declare(string name, IReadOnlyList<LayerDescription> module)
        {
            for (int i = 0; i < module.Count; i++)
            {
                list.Member(string.Create(CultureInfo.InvariantCulture, $"{name}.{i}."), module[i], Index, Input);
            }
        }
    }

    /// <summary>Each layer as it starts by itself.</summary>
    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random)
    {
        foreach (var layer in First.Concat(Second))
        {
            int count = layer.Tensors.Where(static tensor => tensor.IsTrainable).Sum(static tensor => tensor.Count);
            int other = layer.Tensors.Where(static tensor => !tensor.IsTrainable).Sum(static tensor => tensor.Count);
            layer.Start(trainables[..count], buffers[..other], random);
            trainables = trainables[count..];
            buffers = buffers[other..];
        }
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x) => ForwardBySums(weights, x);

    /// <summary>The diagonal of each module's Jacobian is the product of those of its layers, at the values on the way.</summary>
    internal override void Forward(ReferenceWeights weights, Span<double> x, Span<double> logDiagonal)
    {
        double[] other = x.ToArray();
        double[] otherDiagonal = new double[x.Length];
        logDiagonal.Clear();
        Run(First, weights, x, logDiagonal);
        Run(Second, weights, other, otherDiagonal);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (FirstWeight * x[i]) + (SecondWeight * other[i]);
            double most = Math.Max(logDiagonal[i], otherDiagonal[i]);
            logDiagonal[i] = most + Math.Log((FirstWeight * Math.Exp(logDiagonal[i] - most)) + (SecondWeight * Math.Exp(otherDiagonal[i] - most)));
        }
    }

    /// <summary>Newton steps on all coordinates at once; where they do not arrive, coordinate by coordinate in the order of the triangle, inside brackets.</summary>
    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double[] x = z.ToArray();
        double[] target = z.ToArray();
        double[] value = new double[Size];
        double[] logDiagonal = new double[Size];
        if (!Iterate(weights, target, x, value, logDiagonal))
        {
            Array.Clear(x);
            foreach (int coordinate in TriangularReference.InOrder(Input.Channels, Size / Input.Channels, 1, triangle, order))
            {
                Solve(weights, coordinate, target, x, value, logDiagonal);
            }
        }

        x.CopyTo(value, 0);
        Forward(weights, value, logDiagonal);
        x.CopyTo(z);
        return -logDiagonal.Sum();
    }

    /// <summary>Whether steps of length (f(x) - z) / d come to where rounding alone is left.</summary>
    private bool Iterate(ReferenceWeights weights, double[] target, double[] x, double[] value, double[] logDiagonal)
    {
        double scale = target.Max(static number => Math.Max(1, Math.Abs(number)));
        double least = double.PositiveInfinity;
        int waited = 0;
        for (int step = 0; step < 100 && waited < 3; step++)
        {
            x.CopyTo(value, 0);
            Forward(weights, value, logDiagonal);
            double worst = 0;
            for (int i = 0; i < Size; i++)
            {
                worst = Math.Max(worst, Math.Abs(value[i] - target[i]));
            }

            if (!double.IsFinite(worst))
            {
                return false;
            }

            waited = worst < least || worst > 1e-13 * scale ? 0 : waited + 1;
            least = Math.Min(least, worst);
            for (int i = 0; i < Size && waited < 3; i++)
            {
                x[i] -= (value[i] - target[i]) / Math.Exp(logDiagonal[i]);
            }
        }

        return waited == 3;
    }

    /// <summary>The root of an increasing function of one coordinate.</summary>
    private void Solve(ReferenceWeights weights, int coordinate, double[] target, double[] x, double[] value, double[] logDiagonal)
    {
        double low = double.NegativeInfinity;
        double high = double.PositiveInfinity;
        double reach = 1;
        ref double here = ref x[coordinate];
        for (int step = 0; step < 2000; step++)
        {
            x.CopyTo(value, 0);
            Forward(weights, value, logDiagonal);
            double excess = value[coordinate] - target[coordinate];
            if (!(Math.Abs(excess) > 0))
            {
                break;
            }

            (low, high) = excess > 0 ? (low, here) : (here, high);
            double next = here - (excess / Math.Exp(logDiagonal[coordinate]));
            if (double.IsFinite(low) && double.IsFinite(high))
            {
                next = next > low && next < high && step % 8 != 7 ? next : low + ((high - low) / 2);
            }
            else if (!(Math.Abs(next - here) <= reach))
            {
                next = here - (Math.Sign(excess) * reach);
                reach *= 2;
            }

            if (next == here || next == low || next == high || !double.IsFinite(next))
            {
                here = double.IsFinite(next) ? next : double.NaN;
                break;
            }

            here = next;
        }
    }

    internal override bool MayDepend(int output, int input)
    {
        if (firstReads.Count == 0)
        {
            firstReads.AddRange(First.Select(Reads));
            secondReads.AddRange(Second.Select(Reads));
        }

        if (reads[output] is not { } row)
        {
            row = reads[output] = new bool[Size];
            Mark(firstReads, output, row);
            Mark(secondReads, output, row);
        }

        return row[input];
    }

    /// <summary>What each coordinate reads.</summary>
    private int[][] Reads(LayerDescription layer) =>
        [.. Enumerable.Range(0, Size).Select(output => Enumerable.Range(0, Size).Where(input => LayerOnEvent.MayDepend(layer, output, input)).ToArray())];

    private void Mark(List<int[][]> layers, int output, bool[] row)
    {
        bool[] now = new bool[Size];
        now[output] = true;
        for (int layer = layers.Count - 1; layer >= 0; layer--)
        {
            bool[] before = new bool[Size];
            for (int i = 0; i < Size; i++)
            {
                foreach (int source in now[i] ? layers[layer][i] : [])
                {
                    before[source] = true;
                }
            }

            now = before;
        }

        for (int i = 0; i < Size; i++)
        {
            row[i] |= now[i];
        }
    }

    private static void Run(IReadOnlyList<LayerDescription> module, ReferenceWeights weights, Span<double> x, Span<double> logDiagonal)
    {
        foreach (var layer in module)
        {
            LayerOnEvent.Forward(layer, weights.Of(layer), x, logDiagonal);
        }
    }

    private static string Text(IEnumerable<LayerDescription> module) => string.Join(", ", module.Select(static layer => layer.Declaration));
}
