using FlowGen.Numerics;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Numerics;

public sealed class VectorMathTests
{
    private static readonly VectorFunction[] Functions =
    [
        VectorFunction.Of<Exp>(Math.Exp, 2.5),
        VectorFunction.Of<Expm1>(DoubleReference.Expm1, 2.5),
        VectorFunction.Of<Log>(Math.Log, 2.5),
        VectorFunction.Of<Log1p>(DoubleReference.Log1p, 2.5),
        VectorFunction.Of<Tanh>(Math.Tanh, 2.5),
        VectorFunction.Of<Sigmoid>(DoubleReference.Sigmoid, 2.5),
        VectorFunction.Of<Softplus>(DoubleReference.Softplus, 2.5),
        VectorFunction.Of<LogSigmoid>(static x => -DoubleReference.Softplus(-x), 2.5),
        VectorFunction.Of<Elu>(DoubleReference.Elu, 2.5),
        VectorFunction.Of<Relu>(static x => x > 0 ? x : double.IsNaN(x) ? x : 0, 0),
        VectorFunction.Of<LeakyRelu>(static x => x > 0 ? x : x * 0.01f, 0.5),
        VectorFunction.Of<Erf>(DoubleReference.Erf, 4),
        VectorFunction.Of<Atanh>(static y => 0.5 * (DoubleReference.Log1p(y) - DoubleReference.Log1p(-y)), 2.5),
        VectorFunction.Of<Logit>(DoubleReference.Logit, 3.5),
        VectorFunction.Of<EluInverse>(static y => y > 0 ? y : DoubleReference.Log1p(y), 2.5),
        VectorFunction.Of<LeakyReluInverse>(static y => y > 0 ? y : y / 0.01f, 0.5),
        VectorFunction.Of<SigmoidLogDerivative>(static x => -DoubleReference.Softplus(x) - DoubleReference.Softplus(-x), 3),
        VectorFunction.Of<Sin>(Math.Sin, 2.5),
        VectorFunction.Of<Cos>(Math.Cos, 2.5),
        VectorFunction.Of<Tan>(Math.Tan, 4.5),
        VectorFunction.Of<Asin>(Math.Asin, 3),
        VectorFunction.Of<Acos>(Math.Acos, 3),
        VectorFunction.Of<Atan>(Math.Atan, 2.5),
        VectorFunction.Of<Sinh>(Math.Sinh, 3),
        VectorFunction.Of<Cosh>(Math.Cosh, 3),
        VectorFunction.Of<Asinh>(Math.Asinh, 2),
        VectorFunction.Of<Acosh>(Math.Acosh, 2),
        VectorFunction.Of<Cbrt>(Math.Cbrt, 1),
        VectorFunction.Of<Sech2>(static x => Math.Exp(-2 * Math.Abs(x)) is var e ? 4 * e / ((1 + e) * (1 + e)) : x, 4.5),

        // These cross zero, or fall to zero faster than e^x alone: held by the absolute bound below.
        VectorFunction.Of<SoftplusInverse>(DoubleReference.SoftplusInverse, double.MaxValue),
        VectorFunction.Of<TanhLogDerivative>(DoubleReference.TanhLogDerivative, double.MaxValue),
        VectorFunction.Of<Gelu>(DoubleReference.Gelu, double.MaxValue),
        VectorFunction.Of<Silu>(DoubleReference.Silu, double.MaxValue),
    ];

    public static TheoryData<string> Names => [.. Functions.Select(static function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_IsWithinItsBound_OverTheWholeRange(string name)
    {
        VectorFunction function = Find(name);
        float[] x = Ulp.Sweep(name is nameof(Erf) or nameof(Gelu) ? 20011 : 2003);
        var y = new float[x.Length];
        function.Widths[0](x, y);

        for (int i = 0; i < x.Length; i++)
        {
            double exact = function.Reference(x[i]);
            double ulps = Ulp.Distance(y[i], exact);
            bool near = ulps <= function.Ulps && (double.IsFinite(ulps) || function.Ulps < double.MaxValue);
            if (near && function.Ulps == double.MaxValue && double.IsFinite(exact) && Math.Abs(exact) < float.MaxValue)
            {
                near = Math.Abs(y[i] - exact) <= 5 * Math.ScaleB(1, -24) * Math.Max(1, Math.Abs(exact));
            }

            if (!near)
            {
                Assert.Fail($"{name}({x[i]:G9}) = {y[i]:G9}, exactly {exact:G17}: {ulps} units in the last place");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_HasTheSameBits_AtEveryWidth(string name)
    {
        VectorFunction function = Find(name);
        float[] x = Ulp.Sweep(TestProcess.IsNarrow ? 70001 : 7001);
        var widest = new float[x.Length];
        function.Widths[0](x, widest);

        foreach (Action<float[], float[]> width in function.Widths.AsSpan(1))
        {
            var y = new float[x.Length];
            width(x, y);
            for (int i = 0; i < x.Length; i++)
            {
                if (!Ulp.Same(widest[i], y[i]))
                {
                    Assert.Fail($"{name}({x[i]:G9}): {widest[i]:G9} or {y[i]:G9}");
                }
            }
        }
    }

    [Theory]
    [InlineData(nameof(Exp), 0f, 1f)]
    [InlineData(nameof(Exp), float.NegativeInfinity, 0f)]
    [InlineData(nameof(Exp), -104f, 0f)]
    [InlineData(nameof(Exp), -103.97f, 1.40129846e-45f)]
    [InlineData(nameof(Exp), 89f, float.PositiveInfinity)]
    [InlineData(nameof(Exp), 88.72283f, 3.40279851e38f)]
    [InlineData(nameof(Sin), -0f, -0f)]
    [InlineData(nameof(Sin), float.PositiveInfinity, float.NaN)]
    [InlineData(nameof(Cos), 0f, 1f)]
    [InlineData(nameof(Asin), 1f, 1.57079633f)]
    [InlineData(nameof(Asin), -1.5f, float.NaN)]
    [InlineData(nameof(Acos), -1f, 3.14159274f)]
    [InlineData(nameof(Acos), 1.5f, float.NaN)]
    [InlineData(nameof(Atan), float.NegativeInfinity, -1.57079633f)]
    [InlineData(nameof(Sinh), -0f, -0f)]
    [InlineData(nameof(Sinh), 89.5f, float.PositiveInfinity)]
    [InlineData(nameof(Cosh), 0f, 1f)]
    [InlineData(nameof(Asinh), -0f, -0f)]
    [InlineData(nameof(Asinh), float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(nameof(Acosh), 1f, 0f)]
    [InlineData(nameof(Acosh), -2250f, float.NaN)]
    [InlineData(nameof(Cbrt), -27f, -3f)]
    [InlineData(nameof(Cbrt), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(Sech2), 0f, 1f)]
    [InlineData(nameof(Expm1), -0f, -0f)]
    [InlineData(nameof(Expm1), 1e-30f, 1e-30f)]
    [InlineData(nameof(Expm1), float.NegativeInfinity, -1f)]
    [InlineData(nameof(Expm1), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(Log), 1f, 0f)]
    [InlineData(nameof(Log), 0f, float.NegativeInfinity)]
    [InlineData(nameof(Log), -1e-45f, float.NaN)]
    [InlineData(nameof(Log), float.NegativeInfinity, float.NaN)]
    [InlineData(nameof(Log), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(Log), 1.40129846e-45f, -103.278929f)]
    [InlineData(nameof(Log1p), -0f, -0f)]
    [InlineData(nameof(Log1p), -1f, float.NegativeInfinity)]
    [InlineData(nameof(Log1p), -1.0000001f, float.NaN)]
    [InlineData(nameof(Log1p), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(Tanh), -0f, -0f)]
    [InlineData(nameof(Tanh), 1e-40f, 1e-40f)]
    [InlineData(nameof(Tanh), float.PositiveInfinity, 1f)]
    [InlineData(nameof(Tanh), -20f, -1f)]
    [InlineData(nameof(Sigmoid), -0f, 0.5f)]
    [InlineData(nameof(Sigmoid), float.NegativeInfinity, 0f)]
    [InlineData(nameof(Sigmoid), float.PositiveInfinity, 1f)]
    [InlineData(nameof(Softplus), float.NegativeInfinity, 0f)]
    [InlineData(nameof(Softplus), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(Softplus), 100f, 100f)]
    [InlineData(nameof(LogSigmoid), float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(nameof(LogSigmoid), float.PositiveInfinity, 0f)]
    [InlineData(nameof(Elu), -0f, -0f)]
    [InlineData(nameof(Elu), float.NegativeInfinity, -1f)]
    [InlineData(nameof(Elu), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(Erf), -0f, -0f)]
    [InlineData(nameof(Erf), float.NegativeInfinity, -1f)]
    [InlineData(nameof(Relu), float.NegativeInfinity, 0f)]
    [InlineData(nameof(Gelu), float.NegativeInfinity, 0f)]
    [InlineData(nameof(Gelu), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(Silu), float.NegativeInfinity, -0f)]
    [InlineData(nameof(Silu), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(Atanh), -0f, -0f)]
    [InlineData(nameof(Atanh), -1f, float.NegativeInfinity)]
    [InlineData(nameof(Atanh), 1.5f, float.NaN)]
    [InlineData(nameof(Logit), 0.5f, 0f)]
    [InlineData(nameof(Logit), 0f, float.NegativeInfinity)]
    [InlineData(nameof(Logit), 1f, float.PositiveInfinity)]
    [InlineData(nameof(Logit), -0.1f, float.NaN)]
    [InlineData(nameof(Logit), 1.1f, float.NaN)]
    [InlineData(nameof(SoftplusInverse), 0f, float.NegativeInfinity)]
    [InlineData(nameof(SoftplusInverse), -1f, float.NaN)]
    [InlineData(nameof(SoftplusInverse), float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(nameof(EluInverse), -1f, float.NegativeInfinity)]
    [InlineData(nameof(EluInverse), -1.5f, float.NaN)]
    public void SpecialValue_IsRight(string name, float x, float expected)
    {
        float actual = Find(name).Apply(x);

        Assert.True(actual.Equals(expected), $"{name}({x:G9}) = {actual:G9}, not {expected:G9}");
    }

    [Theory]
    [InlineData(nameof(Expm1))]
    [InlineData(nameof(Log1p))]
    [InlineData(nameof(Tanh))]
    [InlineData(nameof(Elu))]
    [InlineData(nameof(Erf))]
    [InlineData(nameof(Atanh))]
    public void OddAtZero_KeepsTheSignOfZero(string name)
    {
        Assert.Equal(0, BitConverter.SingleToInt32Bits(Find(name).Apply(0f)));
        Assert.Equal(int.MinValue, BitConverter.SingleToInt32Bits(Find(name).Apply(-0f)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NaN_StaysNaN(string name) => Assert.True(float.IsNaN(Find(name).Apply(float.NaN)));

    [Theory]
    [InlineData(nameof(Exp), -105f, 90f)]
    [InlineData(nameof(Log), 1e-44f, 3e38f)]
    [InlineData(nameof(Tanh), -10f, 10f)]
    [InlineData(nameof(Sigmoid), -105f, 20f)]
    [InlineData(nameof(Softplus), -105f, 20f)]
    [InlineData(nameof(Elu), -20f, 1f)]
    public void IncreasingFunction_DoesNotFall_BetweenDistantNeighbours(string name, float from, float to)
    {
        // Neighbouring floats may be swapped by rounding; a relative step of 2^-20 is above every bound held here.
        VectorFunction function = Find(name);
        var x = new float[16 * 4096];
        double position = from;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)position;
            position += Math.Max((double)(to - from) / x.Length, Math.Abs(position) * Math.ScaleB(1, -20));
        }

        var y = new float[x.Length];
        function.Widths[0](x, y);

        for (int i = 1; i < x.Length; i++)
        {
            if (!(y[i] >= y[i - 1]))
            {
                Assert.Fail($"{name} falls from {x[i - 1]:G9} to {x[i]:G9}: {y[i - 1]:G9}, {y[i]:G9}");
            }
        }
    }

    private static VectorFunction Find(string name) => Functions.Single(function => function.Name == name);

    private readonly struct Sin : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Sin(x);
    }

    private readonly struct Cos : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Cos(x);
    }

    private readonly struct Tan : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Tan(x);
    }

    private readonly struct Asin : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Asin(x);
    }

    private readonly struct Acos : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Acos(x);
    }

    private readonly struct Atan : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Atan(x);
    }

    private readonly struct Sinh : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Sinh(x);
    }

    private readonly struct Cosh : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Cosh(x);
    }

    private readonly struct Asinh : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Asinh(x);
    }

    private readonly struct Acosh : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Acosh(x);
    }

    private readonly struct Cbrt : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Cbrt(x);
    }

    private readonly struct Sech2 : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Sech2(x);
    }

    private readonly struct Exp : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Exp(x);
    }

    private readonly struct Expm1 : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Expm1(x);
    }

    private readonly struct Log : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Log(x);
    }

    private readonly struct Log1p : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Log1p(x);
    }

    private readonly struct Tanh : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Tanh(x);
    }

    private readonly struct Sigmoid : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Sigmoid(x);
    }

    private readonly struct Softplus : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Softplus(x);
    }

    private readonly struct LogSigmoid : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.LogSigmoid(x);
    }

    private readonly struct Elu : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Elu(x);
    }

    private readonly struct Relu : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Relu(x);
    }

    private readonly struct LeakyRelu : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.LeakyRelu(x);
    }

    private readonly struct Erf : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Erf(x);
    }

    private readonly struct Atanh : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Atanh(x);
    }

    private readonly struct Logit : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Logit(x);
    }

    private readonly struct EluInverse : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.EluInverse(x);
    }

    private readonly struct LeakyReluInverse : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.LeakyReluInverse(x);
    }

    private readonly struct SigmoidLogDerivative : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.SigmoidLogDerivative(x);
    }

    private readonly struct SoftplusInverse : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.SoftplusInverse(x);
    }

    private readonly struct TanhLogDerivative : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.TanhLogDerivative(x);
    }

    private readonly struct Gelu : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Gelu(x);
    }

    private readonly struct Silu : IVectorFunction
    {
        public static V Apply<V>(V x)
            where V : struct, IVec<V> => VectorMath.Silu(x);
    }
}
