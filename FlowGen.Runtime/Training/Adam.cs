using System.Globalization;

namespace FlowGen;

/// <summary>
/// Adam (Kingma and Ba, 2015, algorithm 1), in PyTorch's conventions. With g the gradient plus <see cref="Optimizer.WeightDecay"/> times the parameter, at step t:
/// <code>
/// m = m + (1 - beta1) (g - m)
/// v = beta2 v + (1 - beta2) g^2
/// p = p - rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
/// </code>
/// With <see cref="AmsGrad"/> (Reddi, Kale and Kumar, 2018) the largest v so far takes the place of v in the last line.
/// </summary>
public sealed class Adam : AdaptiveOptimizer
{
    private static readonly string[] Names = ["m", "v"];
    private static readonly string[] AmsGradNames = ["m", "v", "v_max"];

    private AdamKernel.Constants constants;

    /// <summary>Whether steps are divided by the largest mean square so far, so that they never grow again.</summary>
    public bool AmsGrad { get; init; }

    private protected override ReadOnlySpan<string> MomentNames => AmsGrad ? AmsGradNames : Names;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Adam(LearningRate = {LearningRate:R}, Beta1 = {Beta1:R}, Beta2 = {Beta2:R}, Epsilon = {Epsilon:R}, AmsGrad = {AmsGrad}, WeightDecay = {WeightDecay:R})");

    internal override void UpdatePart(Span<float> parameters, ReadOnlySpan<float> gradient, int start)
    {
        int length = parameters.Length;
        AdamKernel.Run(parameters, gradient, Moment(0, start, length), Moment(1, start, length), AmsGrad ? Moment(2, start, length) : default, constants);
    }

    private protected override void Prepare(double learningRate, double gradientScale) =>
        constants = new AdamKernel.Constants(learningRate, gradientScale, Steps, Beta1, Beta2, Epsilon, penalty: WeightDecay, shrinkage: 0);
}
