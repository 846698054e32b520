using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen;

/// <summary>One pass over parameters, gradient and moments: the step of <see cref="Adam"/> and <see cref="AdamW"/>.</summary>
internal static class AdamKernel
{
    /// <summary>Moves parameters; <paramref name="largest"/> is empty without AMSGrad. All spans are of one length.</summary>
    public static void Run(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, Span<float> largest, in Constants constants)
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            done = Run<Vec512>(parameters, gradient, mean, square, largest, constants, 0);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            done = Run<Vec256>(parameters, gradient, mean, square, largest, constants, 0);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            done = Run<Vec128>(parameters, gradient, mean, square, largest, constants, 0);
        }

        _ = Run<VecScalar>(parameters, gradient, mean, square, largest, constants, done);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static int Run<TVec>(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, Span<float> largest, in Constants constants, int start)
        where TVec : struct, IVec<TVec>
    {
        ref float p = ref MemoryMarshal.GetReference(parameters);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        ref float m = ref MemoryMarshal.GetReference(mean);
        ref float v = ref MemoryMarshal.GetReference(square);
        ref float most = ref MemoryMarshal.GetReference(largest);
        bool amsGrad = !largest.IsEmpty;
        var scale = TVec.Create(constants.GradientScale);
        var penalty = TVec.Create(constants.Penalty);
        var keep = TVec.Create(constants.Keep);
        var meanRate = TVec.Create(constants.MeanRate);
        var squareKeep = TVec.Create(constants.SquareKeep);
        var squareRate = TVec.Create(constants.SquareRate);
        var correction = TVec.Create(constants.RootCorrection);
        var epsilon = TVec.Create(constants.Epsilon);
        var step = TVec.Create(constants.NegativeStep);
        nint i = start;
        for (; i <= parameters.Length - TVec.Count; i += TVec.Count)
        {
            var parameter = TVec.Load(ref p, i);
            var slope = TVec.MultiplyAdd(parameter, penalty, TVec.Load(ref g, i) * scale);
            var first = TVec.Load(ref m, i);
            first = TVec.MultiplyAdd(slope - first, meanRate, first);
            var second = TVec.MultiplyAdd(slope * squareRate, slope, TVec.Load(ref v, i) * squareKeep);
            TVec.Store(first, ref m, i);
            TVec.Store(second, ref v, i);
            if (amsGrad)
            {
                second = TVec.Max(TVec.Load(ref most, i), second);
                TVec.Store(second, ref most, i);
            }

            var root = TVec.MultiplyAdd(TVec.Sqrt(second), correction, epsilon);
            TVec.Store(TVec.MultiplyAdd(step, first / root, parameter * keep), ref p, i);
        }

        return (int)i;
    }

    /// <summary>What the elements of a step share, computed in double precision.</summary>
    internal readonly struct Constants(
        double learningRate, double gradientScale, long steps, double beta1, double beta2, double epsilon, double penalty, double shrinkage)
    {
        public readonly float GradientScale = (float)gradientScale;

        public readonly float Penalty = (float)penalty;

        public readonly float Keep = (float)(1 - shrinkage);

        public readonly float MeanRate = (float)(1 - beta1);

        public readonly float SquareKeep = (float)beta2;

        public readonly float SquareRate = (float)(1 - beta2);

        public readonly float RootCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, steps)));

        public readonly float Epsilon = (float)epsilon;

        public readonly float NegativeStep = (float)(-learningRate / (1 - Math.Pow(beta1, steps)));
    }
}
