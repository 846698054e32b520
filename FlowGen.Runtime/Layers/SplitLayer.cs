using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Half of the channels leaves for the latent (Real NVP, section 3.6; Glow, section 3.4): see <see cref="SplitAttribute"/>.</summary>
public sealed class SplitLayer : LayerDescription
{
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
        Division = new CoordinateSplit(shape, keeps == Half.First ? Partition.SecondHalf : Partition.FirstHalf);
        Conditioner = prior == SplitPrior.Learned ? ConditionerDescription.Create(Division, 2, [], Activation.Identity, CouplingNet.Conv) : null;
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

    /// <summary>What leaves, as the part that changes, and what goes on.</summary>
    internal CoordinateSplit Division { get; }

    /// <summary>What makes shift and log-scale of what leaves; null with the standard prior.</summary>
    internal ConditionerDescription? Conditioner { get; }

    internal override bool IsPixelwise => false;

    internal override EventShape Output(EventShape input) => EventShape.Image(Division.Conditioning.Length / input.Pixels, input.Height, input.Width);

    private protected override void DeclareTensors(TensorList list) => Conditioner?.DeclareTensors(list);

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random) => Conditioner?.Start(trainables, random);

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        double logDet = 0;
        if (Conditioner is not null)
        {
            double[] output = Conditioner.Evaluate(weights, Division.Condition(x));
            for (int i = 0; i < Division.Changed.Length; i++)
            {
                double logScale = output[Division.OutputCount + i];
                ref double value = ref x[Division.Changed[i]];
                value = (value + output[i]) * Math.Exp(logScale);
                logDet += logScale;
            }
        }

        double[] before = x.ToArray();
        int next = 0;
        foreach (int i in (int[])[.. Division.Changed, .. Division.Conditioning])
        {
            x[next++] = before[i];
        }

        return logDet;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        double[] before = z.ToArray();
        int next = 0;
        foreach (int i in (int[])[.. Division.Changed, .. Division.Conditioning])
        {
            z[i] = before[next++];
        }

        double logDet = 0;
        if (Conditioner is not null)
        {
            double[] output = Conditioner.Evaluate(weights, Division.Condition(z));
            for (int i = 0; i < Division.Changed.Length; i++)
            {
                double logScale = output[Division.OutputCount + i];
                ref double value = ref z[Division.Changed[i]];
                value = (value * Math.Exp(-logScale)) - output[i];
                logDet -= logScale;
            }
        }

        return logDet;
    }

    internal override bool MayDepend(int output, int input)
    {
        int from = output < Division.Changed.Length ? Division.Changed[output] : Division.Conditioning[output - Division.Changed.Length];
        return from == input || (Conditioner is not null && Division.MayDepend(from, input));
    }
}
