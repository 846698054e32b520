using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Half of the channels leaves for the latent (Real NVP, section 3.6; Glow, section 3.4): see <see cref="SplitAttribute"/>.</summary>
public sealed class SplitLayer : LayerDescription
{
    private readonly CoordinateSplit split;
    private readonly ConditionerDescription? conditioner;

    /// <summary>Used by generated code.</summary>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="prior">The density of what leaves.</param>
    /// <param name="keeps">Which half goes on.</param>
    /// <param name="certificate">What the compiler proved.</param>
    public SplitLayer(EventShape shape, SplitPrior prior, Half keeps, LayerCertificate certificate)
        : base(shape.Size, certificate)
    {
        Prior = prior;
        Keeps = keeps;
        split = new CoordinateSplit(shape, keeps == Half.First ? Partition.SecondHalf : Partition.FirstHalf);
        conditioner = prior == SplitPrior.Learned ? ConditionerDescription.Create(split, 2, [], Activation.Identity, CouplingNet.Conv) : null;
    }

    /// <inheritdoc/>
    public override string Kind => "Split";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(
        Kind, DeclarationText.Choice("Prior", Prior, SplitPrior.Standard), DeclarationText.Choice("Keeps", Keeps, Half.First));

    /// <summary>The density of what leaves.</summary>
    public SplitPrior Prior { get; }

    /// <summary>Which half goes on.</summary>
    public Half Keeps { get; }

    internal override bool IsPixelwise => false;

    internal override EventShape Output(EventShape input) => EventShape.Image(split.Conditioning.Length / input.Pixels, input.Height, input.Width);

    private protected override void DeclareTensors(TensorList list) => conditioner?.DeclareTensors(list);

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random) => conditioner?.Start(trainables, random);

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        double logDet = 0;
        if (conditioner is not null)
        {
            double[] output = conditioner.Evaluate(weights, split.Condition(x));
            for (int i = 0; i < split.Changed.Length; i++)
            {
                double logScale = output[split.OutputCount + i];
                ref double value = ref x[split.Changed[i]];
                value = (value + output[i]) * Math.Exp(logScale);
                logDet += logScale;
            }
        }

        double[] before = x.ToArray();
        int next = 0;
        foreach (int i in (int[])[.. split.Changed, .. split.Conditioning])
        {
            x[next++] = before[i];
        }

        return logDet;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double[] before = z.ToArray();
        int next = 0;
        foreach (int i in (int[])[.. split.Changed, .. split.Conditioning])
        {
            z[i] = before[next++];
        }

        double logDet = 0;
        if (conditioner is not null)
        {
            double[] output = conditioner.Evaluate(weights, split.Condition(z));
            for (int i = 0; i < split.Changed.Length; i++)
            {
                double logScale = output[split.OutputCount + i];
                ref double value = ref z[split.Changed[i]];
                value = (value * Math.Exp(-logScale)) - output[i];
                logDet -= logScale;
            }
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input)
    {
        int from = output < split.Changed.Length ? split.Changed[output] : split.Conditioning[output - split.Changed.Length];
        return from == input || (conditioner is not null && split.MayDepend(from, input));
    }
}
