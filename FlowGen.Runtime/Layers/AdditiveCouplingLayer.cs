using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Additive coupling (NICE, section 3.2): see <see cref="AdditiveCouplingAttribute"/>.</summary>
public sealed class AdditiveCouplingLayer : LayerDescription
{
    private readonly int[] hidden;
    private readonly CoordinateSplit split;
    private readonly ConditionerDescription conditioner;

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
        split = new CoordinateSplit(shape, changes);
        conditioner = ConditionerDescription.Create(split, 1, hidden, activation, net, blocks);
    }

    /// <inheritdoc/>
    public override string Kind => "AdditiveCoupling";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(
        Kind, [DeclarationText.List(hidden), $"Transforms = {Changes}", .. conditioner.Options()]);

    /// <summary>The half that changes.</summary>
    public Partition Changes { get; }

    internal override bool IsPixelwise => false;

    private protected override void DeclareTensors(TensorList list) => conditioner.DeclareTensors(list);

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random) => conditioner.Start(trainables, random);

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        double[] shift = conditioner.Evaluate(weights, split.Condition(x));
        for (int i = 0; i < split.Changed.Length; i++)
        {
            x[split.Changed[i]] += shift[split.OutputOf(i)];
        }

        return 0;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double[] shift = conditioner.Evaluate(weights, split.Condition(z));
        for (int i = 0; i < split.Changed.Length; i++)
        {
            z[split.Changed[i]] -= shift[split.OutputOf(i)];
        }

        return 0;
    }

    internal override bool MayDepend(int output, int input) => split.MayDepend(output, input);
}
