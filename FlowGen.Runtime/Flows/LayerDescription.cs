using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen;

/// <summary>
/// One layer of a flow as data: its options, its tensors, what was proved about it, how it starts, and its definition as a plain
/// scalar map in double precision, which the verifier holds the generated code against.
/// </summary>
public abstract class LayerDescription
{
    private readonly List<TensorDescription> tensors = [];

    private protected LayerDescription(int size, LayerCertificate certificate)
    {
        Size = size;
        Certificate = certificate;
    }

    /// <summary>The layer's name: that of its attribute.</summary>
    public abstract string Kind { get; }

    /// <summary>The declaration with every option that is not a default: <c>AffineCoupling(64, 64, Transforms = OddIndices)</c>.</summary>
    public abstract string Declaration { get; }

    /// <summary>
    /// The number of coordinates that the layer's map takes: all of a vector; of an image the channels, where the layer does the same at every
    /// position, and all coordinates otherwise.
    /// </summary>
    public int Size { get; }

    /// <summary>The shape of what the layer takes in.</summary>
    public EventShape Input { get; private set; }

    /// <summary>The number of coordinates that layers before this one have split off: they are the first of the latent, and pass by.</summary>
    public int Emitted { get; private set; }

    /// <summary>What the compiler proved.</summary>
    public LayerCertificate Certificate { get; }

    /// <summary>The position in the expanded stack.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>What the names of its tensors start with: <c>layers.3.</c>, and within a sum <c>layers.3.first.0.</c>.</summary>
    internal string Prefix { get; private set; } = "";

    /// <summary>The layer's tensors, trainable ones and buffers, in the order in which they are stored.</summary>
    public IReadOnlyList<TensorDescription> Tensors => tensors;

    /// <summary>The shape of what goes on to the next layer; what is left of the input is split off.</summary>
    internal virtual EventShape Output(EventShape input) => input;

    /// <summary>Whether the layer, on an image, is a map of the channels that is the same at every position.</summary>
    internal virtual bool IsPixelwise => true;

    /// <summary>
    /// Whether the inverse of a sample is an iteration on all its coordinates at once, which stops by the worst of them: zeros of its Jacobian then hold to the tolerance, not
    /// to the last bit.
    /// </summary>
    internal virtual bool InvertsByIteration => false;

    /// <summary>Whether its dense layers come upon zeros that they may leave out, which takes the weights in the single-sample form: see <see cref="Kernels.DenseSparse"/>.</summary>
    internal virtual bool MakesZeros => false;

    /// <summary>Declares the layer's tensors, in storage order.</summary>
    private protected abstract void DeclareTensors(TensorList list);

    /// <summary>The sum of the logarithms that the other form of the map gives coordinate by coordinate.</summary>
    private protected double ForwardBySums(ReferenceWeights weights, Span<double> x)
    {
        double[] logDiagonal = new double[x.Length];
        Forward(weights, x, logDiagonal);
        return logDiagonal.Sum();
    }

    /// <summary>Writes the starting values of the layer's tensors; both spans hold zeros before, and are this layer's part only.</summary>
    internal virtual void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random)
    {
    }

    /// <summary>The layer on one sample in double precision, data to latent, in place; returns its log-det. Written from the mathematics, not from the kernels.</summary>
    internal abstract double Forward(ReferenceWeights weights, Span<double> x);

    /// <summary>The layer within a module of a sum: the same, and coordinate by coordinate the logarithm of the diagonal of its Jacobian, which is triangular.</summary>
    internal virtual void Forward(ReferenceWeights weights, Span<double> x, Span<double> logDiagonal) =>
        throw new NotSupportedException($"{Kind} is no layer of a sum.");

    /// <summary>Makes the layer one of a sum: the signs of its diagonal are positive.</summary>
    internal virtual void Join()
    {
    }

    /// <summary>The inverse on one sample in double precision, in place; returns the log-det of the inverse.</summary>
    internal abstract double Inverse(ReferenceWeights weights, Span<double> z);

    /// <summary>Whether the derivative of output <paramref name="output"/> by input <paramref name="input"/> may be other than zero; the verifier holds the rest to be exactly zero.</summary>
    internal abstract bool MayDepend(int output, int input);

    /// <summary>The number of levels that the layer takes whole numbers of to the unit interval; null for every other layer.</summary>
    internal virtual int? Bins => null;

    internal void Bind(int index, EventShape input, int emitted, ref int trainables, ref int buffers) =>
        Bind(index, $"layers.{index}.", input, emitted, ref trainables, ref buffers);

    internal void Bind(int index, string prefix, EventShape input, int emitted, ref int trainables, ref int buffers)
    {
        if (Index >= 0)
        {
            throw new InvalidOperationException($"Layer {Index} ({Kind}) is already part of a flow.");
        }

        Index = index;
        Prefix = prefix;
        Input = input;
        Emitted = emitted;
        var list = new TensorList(prefix, trainables, buffers);
        DeclareTensors(list);
        tensors.AddRange(list.Tensors);
        trainables = list.Trainables;
        buffers = list.Buffers;
    }
}
