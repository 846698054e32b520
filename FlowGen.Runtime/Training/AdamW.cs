using System.Globalization;

namespace FlowGen;

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2), in PyTorch's conventions: parameters first shrink by the factor
/// 1 - rate * <see cref="Optimizer.WeightDecay"/>, then move as in <see cref="Adam"/> by the gradient of the loss alone.
/// </summary>
public sealed class AdamW : AdaptiveOptimizer
{
    private static readonly string[] Names = ["m", "v"];
    private static readonly string[] AmsGradNames = ["m", "v", "v_max"];

    private AdamKernel.Constants constants;

    /// <summary>Settings with a weight decay of 0.01, as is usual.</summary>
    public AdamW() => WeightDecay = 0.01;

    /// <summary>Whether steps are divided by the largest mean square so far (Reddi, Kale and Kumar, 2018).</summary>
    public bool AmsGrad { get; init; }

    private protected override ReadOnlySpan<string> MomentNames => AmsGrad ? AmsGradNames : Names;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"AdamW(LearningRate = {LearningRate:R}, Beta1 = {Beta1:R}, Beta2 = {Beta2:R}, Epsilon = {Epsilon:R}, AmsGrad = {AmsGrad}, WeightDecay = {WeightDecay:R})");

    internal override void UpdatePart(Span<float> parameters, ReadOnlySpan<float> gradient, int start)
    {
        int length = parameters.Length;
        AdamKernel.Run(parameters, gradient, Moment(0, start, length), Moment(1, start, length), AmsGrad ? Moment(2, start, length) : default, constants);
    }

    private protected override void Prepare(double learningRate, double gradientScale) =>
        constants = new AdamKernel.Constants(learningRate, gradientScale, Steps, Beta1, Beta2, Epsilon, penalty: 0, shrinkage: learningRate * WeightDecay);
}
