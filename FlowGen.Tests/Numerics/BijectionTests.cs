using FlowGen.Numerics;
using FlowGen.Numerics.Activations;
using Xunit;

namespace FlowGen.Tests.Numerics;

public sealed class BijectionTests
{
    [Fact]
    public void Tanh_IsUndoneAndItsLogDerivativeIsRight() =>
        Check<TanhOp>(-5, 5, static x => DoubleReference.TanhLogDerivative(x));

    [Fact]
    public void Sigmoid_IsUndoneAndItsLogDerivativeIsRight() =>
        Check<SigmoidOp>(-20, 9, static x => -DoubleReference.Softplus(x) - DoubleReference.Softplus(-x));

    [Fact]
    public void Softplus_IsUndoneAndItsLogDerivativeIsRight() =>
        Check<SoftplusOp>(-20, 20, static x => -DoubleReference.Softplus(-x));

    [Fact]
    public void Elu_IsUndoneAndItsLogDerivativeIsRight() =>
        Check<EluOp>(-9, 20, static x => Math.Min(x, 0));

    [Fact]
    public void LeakyRelu_IsUndoneAndItsLogDerivativeIsRight() =>
        Check<LeakyReluOp>(-20, 20, static x => x > 0 ? 0 : Math.Log(0.01));

    [Fact]
    public void Identity_IsUndoneAndItsLogDerivativeIsRight() =>
        Check<IdentityOp>(-20, 20, static _ => 0);

    private static void Check<TOp>(double from, double to, Func<double, double> logDerivative)
        where TOp : struct, IBijection
    {
        const double Step = 1e-3;
        for (double position = from; position < to; position += 0.0173)
        {
            float x = (float)position;
            float y = Value(TOp.Apply(VecScalar.Create(x)));
            float back = Value(TOp.Inverse(VecScalar.Create(y)));
            double exact = logDerivative(x);

            // The inverse can know no more than the last bit of y, magnified by its own derivative.
            double magnified = Math.ScaleB(Math.Abs(y), -22) * Math.Exp(-exact);
            if (!(Math.Abs(back - x) <= (1e-6 * Math.Max(1, Math.Abs(x))) + magnified))
            {
                Assert.Fail($"{x:G9} -> {y:G9} -> {back:G9}");
            }
            Assert.Equal(exact, Value(TOp.LogDerivative(VecScalar.Create(x))), 1e-6 * Math.Max(1, Math.Abs(exact)));

            if (Math.Abs(x) > Step)
            {
                double slope = (logDerivative(x + Step) - logDerivative(x - Step)) / (2 * Step);
                Assert.Equal(slope, Value(TOp.LogDerivativeSlope(VecScalar.Create(x))), 1e-5);
            }
        }
    }

    private static float Value(VecScalar vector)
    {
        float value = 0;
        VecScalar.Store(vector, ref value);
        return value;
    }
}
