using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen;

/// <summary>
/// Adamax (Kingma and Ba, 2015, algorithm 2), in PyTorch's conventions. With g the gradient plus <see cref="Optimizer.WeightDecay"/> times the parameter, at step t:
/// <code>
/// m = m + (1 - beta1) (g - m)
/// u = max(beta2 u, |g| + epsilon)
/// p = p - rate / (1 - beta1^t) * m / u
/// </code>
/// </summary>
public sealed class Adamax : AdaptiveOptimizer
{
    private static readonly string[] Names = ["m", "u"];

    private float scale;
    private float step;

    private protected override ReadOnlySpan<string> MomentNames => Names;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Adamax(LearningRate = {LearningRate:R}, Beta1 = {Beta1:R}, Beta2 = {Beta2:R}, Epsilon = {Epsilon:R}, WeightDecay = {WeightDecay:R})");

    internal override void UpdatePart(Span<float> parameters, ReadOnlySpan<float> gradient, int start)
    {
        var mean = Moment(0, start, parameters.Length);
        var largest = Moment(1, start, parameters.Length);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            done = Run<Vec512>(parameters, gradient, mean, largest, 0);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            done = Run<Vec256>(parameters, gradient, mean, largest, 0);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            done = Run<Vec128>(parameters, gradient, mean, largest, 0);
        }

        _ = Run<VecScalar>(parameters, gradient, mean, largest, done);
    }

    private protected override double Floor(double value, string name) => (float)base.Floor(value, name) > 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "More than 0 was expected: parameters without a gradient would be divided by zero.");

    private protected override void Prepare(double learningRate, double gradientScale)
    {
        scale = (float)gradientScale;
        step = (float)(-learningRate / (1 - Math.Pow(Beta1, Steps)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Run<TVec>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> largest, int start)
        where TVec : struct, IVec<TVec>
    {
        ref float p = ref MemoryMarshal.GetReference(parameters);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        ref float m = ref MemoryMarshal.GetReference(mean);
        ref float u = ref MemoryMarshal.GetReference(largest);
        var gradientScale = TVec.Create(scale);
        var penalty = TVec.Create((float)WeightDecay);
        var meanRate = TVec.Create((float)(1 - Beta1));
        var keep = TVec.Create((float)Beta2);
        var floor = TVec.Create((float)Epsilon);
        var negativeStep = TVec.Create(step);
        nint i = start;
        for (; i <= parameters.Length - TVec.Count; i += TVec.Count)
        {
            var parameter = TVec.Load(ref p, i);
            var slope = TVec.MultiplyAdd(parameter, penalty, TVec.Load(ref g, i) * gradientScale);
            var first = TVec.Load(ref m, i);
            first = TVec.MultiplyAdd(slope - first, meanRate, first);
            var most = TVec.Max(TVec.Load(ref u, i) * keep, TVec.Abs(slope) + floor);
            TVec.Store(first, ref m, i);
            TVec.Store(most, ref u, i);
            TVec.Store(TVec.MultiplyAdd(negativeStep, first / most, parameter), ref p, i);
        }

        return (int)i;
    }
}
