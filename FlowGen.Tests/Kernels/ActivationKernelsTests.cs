using FlowGen.Kernels;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;
using FlowGen.Tests.Numerics;
using Xunit;

namespace FlowGen.Tests.Kernels;

public sealed class ActivationKernelsTests
{
    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Derivative_IsWithinItsBar_OverTheWholeRange(Activation activation)
    {
        (Func<double, double> derivative, double largest) = Derivative(activation);
        float[] x = Ulp.Sweep(activation == Activation.Gelu ? 20011 : 4001);
        var values = (float[])x.Clone();
        if (!ActivationKernels.NeedsInput(activation))
        {
            ActivationKernels.Apply(activation, ref x[0], ref values[0], x.Length);
        }

        var gradient = new float[x.Length];
        Array.Fill(gradient, 1f);
        ActivationKernels.MultiplyByDerivative(activation, ref values[0], ref gradient[0], x.Length);

        double bar = 2.5 * Math.ScaleB(1, -24) * largest;
        for (int i = 0; i < x.Length; i++)
        {
            double exact = derivative(x[i]);
            bool near = float.IsNaN(x[i]) || Math.Abs(gradient[i] - exact) <= bar;
            if (!near)
            {
                Assert.Fail($"{activation}'({x[i]:G9}) = {gradient[i]:G9}, exactly {exact:G17}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void EveryLength_GivesEachElementItsOwnResult_AndTouchesNothingElse(Activation activation)
    {
        const float Guard = 12345f;
        const int Longest = 150;
        var source = new float[Longest];
        var expected = new float[Longest];
        for (int i = 0; i < Longest; i++)
        {
            source[i] = (i - 70) * 0.17f;
            ActivationKernels.Apply(activation, ref source[i], ref expected[i], 1);
        }

        for (int count = 0; count <= Longest; count++)
        {
            var destination = new float[Longest + 2];
            Array.Fill(destination, Guard);
            ActivationKernels.Apply(activation, ref source[0], ref destination[1], count);

            Assert.Equal(expected[..count], destination[1..(count + 1)]);
            Assert.Equal(Guard, destination[0]);
            Assert.All(destination[(count + 1)..], static value => Assert.Equal(Guard, value));

            var gradient = new float[Longest + 2];
            Array.Fill(gradient, Guard);
            ActivationKernels.MultiplyByDerivative(activation, ref source[0], ref gradient[1], count);
            for (int i = 0; i < count; i++)
            {
                float alone = Guard;
                ActivationKernels.MultiplyByDerivative(activation, ref source[i], ref alone, 1);
                Assert.Equal(alone, gradient[i + 1]);
            }

            Assert.Equal(Guard, gradient[0]);
            Assert.All(gradient[(count + 1)..], static value => Assert.Equal(Guard, value));
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void InPlace_GivesTheSame(Activation activation)
    {
        float[] source = Ulp.Sweep(65537 * 16);
        var apart = new float[source.Length];
        ActivationKernels.Apply(activation, ref source[0], ref apart[0], source.Length);

        ActivationKernels.Apply(activation, ref source[0], ref source[0], source.Length);

        Assert.Equal(apart, source);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void EveryWidth_GivesTheSameBits(Activation activation)
    {
        switch (activation)
        {
            case Activation.Relu: Compare<ReluOp>(); break;
            case Activation.LeakyRelu: Compare<LeakyReluOp>(); break;
            case Activation.Elu: Compare<EluOp>(); break;
            case Activation.Tanh: Compare<TanhOp>(); break;
            case Activation.Sigmoid: Compare<SigmoidOp>(); break;
            case Activation.Softplus: Compare<SoftplusOp>(); break;
            case Activation.Silu: Compare<SiluOp>(); break;
            case Activation.Gelu: Compare<GeluOp>(); break;
            default: Compare<IdentityOp>(); break;
        }

        void Compare<TOp>()
            where TOp : struct, IActivation
        {
            Assert.Equal(TOp.NeedsInput, ActivationKernels.NeedsInput(activation));

            float[] x = Ulp.Sweep(40009);
            var expected = (float[])x.Clone();
            ActivationKernels.Apply(activation, ref x[0], ref expected[0], x.Length);
            ActivationKernels.MultiplyByDerivative(activation, ref x[0], ref expected[0], x.Length);
            Check<Vec512>();
            Check<Vec256>();
            Check<Vec128>();
            Check<VecScalar>();

            void Check<V>()
                where V : struct, IVec<V>
            {
                var actual = new float[x.Length];
                ActivationKernels.Apply<V, TOp>(ref x[0], ref actual[0], x.Length);
                ActivationKernels.MultiplyByDerivative<V, TOp>(ref x[0], ref actual[0], x.Length);
                for (int i = 0; i < x.Length; i++)
                {
                    if (!Ulp.Same(expected[i], actual[i]))
                    {
                        Assert.Fail($"{typeof(V).Name} {activation}({x[i]:G9}): {expected[i]:G9} or {actual[i]:G9}");
                    }
                }
            }
        }
    }

    [Fact]
    public void UnknownActivation_IsRefused()
    {
        float value = 0;

        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationKernels.Apply((Activation)99, ref value, ref value, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationKernels.MultiplyByDerivative((Activation)99, ref value, ref value, 1));
    }

    private static (Func<double, double> Derivative, double Largest) Derivative(Activation activation) => activation switch
    {
        Activation.Relu => (static x => x > 0 ? 1 : 0, 1),
        Activation.LeakyRelu => (static x => x > 0 ? 1 : 0.01, 1),
        Activation.Elu => (static x => x > 0 ? 1 : Math.Exp(x), 1),
        Activation.Tanh => (static x => 1 / (Math.Cosh(x) * Math.Cosh(x)), 1),
        Activation.Sigmoid => (static x => DoubleReference.Sigmoid(x) * DoubleReference.Sigmoid(-x), 0.25),
        Activation.Softplus => (DoubleReference.Sigmoid, 1),
        Activation.Silu => (DoubleReference.SiluDerivative, 1.0998),
        Activation.Gelu => (DoubleReference.GeluDerivative, 1.1289),
        _ => (static _ => 1, 1),
    };
}
