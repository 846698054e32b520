using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Affine coupling (Real NVP, equations 4 to 9): see <see cref="AffineCouplingAttribute"/>.</summary>
public sealed class AffineCouplingLayer : LayerDescription, IDataDependentNetwork
{
    private readonly int[] hidden;

    /// <summary>Used by generated code.</summary>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="changes">The half that changes, not <see cref="Partition.Alternate"/>.</param>
    /// <param name="hidden">The widths of the conditioner's hidden layers.</param>
    /// <param name="activation">The activation between the conditioner's layers.</param>
    /// <param name="net">The form of the conditioner.</param>
    /// <param name="scale">How the scale is made.</param>
    /// <param name="form">The order of scaling and shifting.</param>
    /// <param name="floor">Added to the sigmoid.</param>
    /// <param name="certificate">What the compiler proved.</param>
    /// <exception cref="ArgumentOutOfRangeException">The partition is not resolved, or leaves one half empty.</exception>
    public AffineCouplingLayer(
        EventShape shape,
        Partition changes,
        int[] hidden,
        Activation activation,
        CouplingNet net,
        ScaleFunction scale,
        AffineForm form,
        double floor,
        LayerCertificate certificate)
        : this(shape, changes, hidden, activation, net, ResNetConditioner.DefaultBlocks, scale, form, floor, certificate)
    {
    }

    /// <summary>Used by generated code.</summary>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="changes">The half that changes, not <see cref="Partition.Alternate"/>.</param>
    /// <param name="hidden">The widths of the conditioner's hidden layers.</param>
    /// <param name="activation">The activation between the conditioner's layers.</param>
    /// <param name="net">The form of the conditioner.</param>
    /// <param name="blocks">The number of blocks of <see cref="CouplingNet.ResNet"/>.</param>
    /// <param name="scale">How the scale is made.</param>
    /// <param name="form">The order of scaling and shifting.</param>
    /// <param name="floor">Added to the sigmoid.</param>
    /// <param name="certificate">What the compiler proved.</param>
    /// <exception cref="ArgumentOutOfRangeException">The partition is not resolved, or leaves one half empty.</exception>
    public AffineCouplingLayer(
        EventShape shape,
        Partition changes,
        int[] hidden,
        Activation activation,
        CouplingNet net,
        int blocks,
        ScaleFunction scale,
        AffineForm form,
        double floor,
        LayerCertificate certificate)
        : base(shape.Size, certificate)
    {
        this.hidden = hidden;
        Changes = changes;
        Scale = scale;
        Form = form;
        ScaleFloor = floor;
        Split = new CoordinateSplit(shape, changes);
        Conditioner = ConditionerDescription.Create(Split, 2, hidden, activation, net, blocks);
    }

    /// <inheritdoc/>
    public override string Kind => "AffineCoupling";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(
        Kind,
        [
            DeclarationText.List(hidden),
            $"Transforms = {Changes}",
            .. Conditioner.Options(),
            DeclarationText.Choice("Scale", Scale, ScaleFunction.TanhBounded),
            Scale == ScaleFunction.Sigmoid ? DeclarationText.Option("ScaleFloor", ScaleFloor, 1e-3) : null,
            DeclarationText.Choice("Form", Form, AffineForm.ScaleThenShift),
        ]);

    /// <summary>The half that changes.</summary>
    public Partition Changes { get; }

    /// <summary>How the scale is made.</summary>
    public ScaleFunction Scale { get; }

    /// <summary>The order of scaling and shifting.</summary>
    public AffineForm Form { get; }

    /// <summary>Added to the sigmoid.</summary>
    public double ScaleFloor { get; }

    /// <summary>The part that changes and the part that the change is computed from.</summary>
    internal CoordinateSplit Split { get; }

    /// <summary>What computes the change.</summary>
    internal ConditionerDescription Conditioner { get; }

    internal override bool MakesZeros => Conditioner.MakesZeros;

    internal override bool IsPixelwise => false;

    bool IDataDependentNetwork.StartsFromData => Conditioner.StartsFromData;

    void IDataDependentNetwork.Initialize(IReadOnlyList<double[]> images, Span<float> trainables) =>
        Conditioner.Initialize(this, [.. images.Select(image => Split.Condition(image))], trainables);

    private protected override void DeclareTensors(TensorList list)
    {
        Conditioner.DeclareTensors(list);
        if (Scale == ScaleFunction.TanhBounded)
        {
            list.Trainable("scale");
        }
    }

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random)
    {
        var rest = Conditioner.Start(trainables, random);
        if (Scale == ScaleFunction.TanhBounded)
        {
            rest[0] = 1;
        }
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        double[] output = Conditioner.Evaluate(weights, Split.Condition(x));
        int[] changed = Split.Changed;
        double logDet = 0;
        for (int i = 0; i < changed.Length; i++)
        {
            double shift = output[Split.OutputOf(i)];
            double logScale = LogScale(weights, output[Split.OutputCount + Split.OutputOf(i)]);
            ref double value = ref x[changed[i]];
            value = Form == AffineForm.ScaleThenShift ? (value * Math.Exp(logScale)) + shift : (value + shift) * Math.Exp(logScale);
            logDet += logScale;
        }

        return logDet;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double[] output = Conditioner.Evaluate(weights, Split.Condition(z));
        int[] changed = Split.Changed;
        double logDet = 0;
        for (int i = 0; i < changed.Length; i++)
        {
            double shift = output[Split.OutputOf(i)];
            double logScale = LogScale(weights, output[Split.OutputCount + Split.OutputOf(i)]);
            ref double value = ref z[changed[i]];
            value = Form == AffineForm.ScaleThenShift ? (value - shift) * Math.Exp(-logScale) : (value * Math.Exp(-logScale)) - shift;
            logDet -= logScale;
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input) => Split.MayDepend(output, input);

    private double LogScale(ReferenceWeights weights, double u) => Scale switch
    {
        ScaleFunction.TanhBounded => weights["scale"][0] * Math.Tanh(u),
        ScaleFunction.Exp => u,
        _ => ScaleFloor > 0 ? Math.Log(ReferenceFunctions.Sigmoid(u + 2) + ScaleFloor) : -ReferenceFunctions.Softplus(-u - 2),
    };
}
