using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Additive coupling (NICE, section 3.2): see <see cref="AdditiveCouplingAttribute"/>.</summary>
public sealed class AdditiveCouplingLayer : LayerDescription, IDataDependentNetwork
{
    private readonly int[] hidden;

    /// <summary>Used by generated code.</summary>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="changes">The half that changes, not <see cref="Partition.Alternate"/>.</param>
    /// <param name="hidden">The widths of the conditioner's hidden layers.</param>
    /// <param name="activation">The activation between the conditioner's layers.</param>
    /// <param name="net">The form of the conditioner.</param>
    /// <param name="certificate">What the compiler proved.</param>
    /// <exception cref="ArgumentOutOfRangeException">The partition is not resolved, or leaves one half empty.</exception>
    public AdditiveCouplingLayer(EventShape shape, Partition changes, int[] hidden, Activation activation, CouplingNet net, LayerCertificate certificate)
        : this(shape, changes, hidden, activation, net, ResNetConditioner.DefaultBlocks, certificate)
    {
    }

    /// <summary>Used by generated code.</summary>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="changes">The half that changes, not <see cref="Partition.Alternate"/>.</param>
    /// <param name="hidden">The widths of the conditioner's hidden layers.</param>
    /// <param name="activation">The activation between the conditioner's layers.</param>
    /// <param name="net">The form of the conditioner.</param>
    /// <param name="blocks">The number of blocks of <see cref="CouplingNet.ResNet"/>.</param>
    /// <param name="certificate">What the compiler proved.</param>
    /// <exception cref="ArgumentOutOfRangeException">The partition is not resolved, or leaves one half empty.</exception>
    public AdditiveCouplingLayer(
        EventShape shape, Partition changes, int[] hidden, Activation activation, CouplingNet net, int blocks, LayerCertificate certificate)
        : base(shape.Size, certificate)
    {
        this.hidden = hidden;
        Changes = changes;
        Split = new CoordinateSplit(shape, changes);
        Conditioner = ConditionerDescription.Create(Split, 1, hidden, activation, net, blocks);
    }

    /// <inheritdoc/>
    public override string Kind => "AdditiveCoupling";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(
        Kind, [DeclarationText.List(hidden), $"Transforms = {Changes}", .. Conditioner.Options()]);

    /// <summary>The half that changes.</summary>
    public Partition Changes { get; }

    /// <summary>The part that changes and the part that the change is computed from.</summary>
    internal CoordinateSplit Split { get; }

    /// <summary>What computes the change.</summary>
    internal ConditionerDescription Conditioner { get; }

    internal override bool MakesZeros => Conditioner.MakesZeros;

    internal override bool IsPixelwise => false;

    bool IDataDependentNetwork.StartsFromData => Conditioner.StartsFromData;

    void IDataDependentNetwork.Initialize(IReadOnlyList<double[]> images, Span<float> trainables) =>
        Conditioner.Initialize(this, [.. images.Select(image => Split.Condition(image))], trainables);

    private protected override void DeclareTensors(TensorList list) => Conditioner.DeclareTensors(list);

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random) => Conditioner.Start(trainables, random);

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        double[] shift = Conditioner.Evaluate(weights, Split.Condition(x));
        for (int i = 0; i < Split.Changed.Length; i++)
        {
            x[Split.Changed[i]] += shift[Split.OutputOf(i)];
        }

        return 0;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double[] shift = Conditioner.Evaluate(weights, Split.Condition(z));
        for (int i = 0; i < Split.Changed.Length; i++)
        {
            z[Split.Changed[i]] -= shift[Split.OutputOf(i)];
        }

        return 0;
    }

    internal override bool MayDepend(int output, int input) => Split.MayDepend(output, input);
}
