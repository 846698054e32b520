using FlowGen.Kernels;
using FlowGen.Numerics;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Kernels;

/// <summary>Layers from one number by a table of pieces, against the layers computed one by one in double precision.</summary>
public sealed class DenseLineTests
{
    private static readonly int[] Sizes = [1, 2, 3, 17, 64];

    public static TheoryData<int> Widths => [.. TestProcess.Lanes];

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryShape_EqualsTheReference(int width)
    {
        foreach (int hidden in Sizes)
        {
            foreach (int second in Sizes)
            {
                Check(width, new DenseLineCase(hidden, second, 1 + (hidden % 4), Activation.Relu));
                Check(width, new DenseLineCase(hidden, second, 1 + (second % 4), Activation.LeakyRelu));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void WideLayers_EqualTheReference(int width)
    {
        foreach (int hidden in (int[])[65, 80, 96, 130, 256, 300, 513])
        {
            Check(width, new DenseLineCase(hidden, 33, 2, Activation.Relu));
            Check(width, new DenseLineCase(hidden, 16, 4, Activation.LeakyRelu));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void TheSecondLayerAlone_EqualsTheReference(int width)
    {
        foreach (int second in (int[])[1, 3, 15, 16, 17, 64, 65, 80, 130])
        {
            Check(width, new DenseLineCase(20, second, 0, Activation.Relu));
            Check(width, new DenseLineCase(70, second, 0, Activation.LeakyRelu));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void SpecialWeights_EqualTheReference(int width)
    {
        foreach (var activation in (Activation[])[Activation.Relu, Activation.LeakyRelu])
        {
            foreach (var (name, change) in DenseLineCase.SpecialWeights)
            {
                var layers = new DenseLineCase(20, 17, 2, activation) { Name = name };
                change(layers);
                Check(width, layers);
                var rows = new DenseLineCase(20, 17, 0, activation) { Name = name };
                change(rows);
                Check(width, rows);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Samples_HaveTheSameBitsInEveryBatch(int width)
    {
        foreach (var (outputs, rows) in ((int, int)[])[(2, 2), (4, 4), (0, 64)])
        {
            var layers = new DenseLineCase(64, 64, outputs, Activation.Relu);
            float[] x = layers.Probes();
            float[] expected = layers.Forward(16, x);
            Assert.Equal(expected, layers.Forward(width, x));
            for (int count = 1; count <= 2 * width; count++)
            {
                float[] y = layers.Forward(width, x[..count]);
                for (int row = 0; row < rows; row++)
                {
                    Assert.Equal(expected.AsSpan(row * x.Length, count), y.AsSpan(row * count, count));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void LanesWithoutASample_AreLeftAsTheyAre(int width)
    {
        var layers = new DenseLineCase(20, 40, 2, Activation.Relu);
        float[] x = layers.Probes()[..16];
        float[] all = layers.Forward(width, x);
        float[] few = layers.Forward(width, x, samples: 5);
        Assert.Equal(all[..5], few[..5]);
        Assert.Equal(all[16..21], few[16..21]);
        Assert.Equal(layers.BeforeForward[5..16], few[5..16]);
        Assert.Equal(layers.BeforeForward[21..32], few[21..32]);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void WhatIsNoNumber_StaysInItsSample(int width)
    {
        foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            var layers = new DenseLineCase(70, 33, 2, Activation.LeakyRelu);
            float[] x = layers.Probes()[..16];
            float[] expected = layers.Forward(width, x);
            x[3] = value;
            float[] y = layers.Forward(width, x);
            for (int i = 0; i < y.Length; i++)
            {
                Assert.True(i % 16 == 3 ? !float.IsFinite(y[i]) : y[i].Equals(expected[i]), $"{value}: element {i} is {y[i]}, without it {expected[i]}.");
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void AWeightThatIsNoNumber_GivesNoNumbers(float value)
    {
        var shape = new DenseLineShape(70, 17, 2);
        foreach (int place in (int[])[0, 69, shape.FirstBias, shape.SecondWeight, shape.SecondBias - 1, shape.SecondBias, shape.LastWeight - 1])
        {
            var layers = new DenseLineCase(70, 17, 2, Activation.Relu);
            layers.Parameters[place] = value;
            Assert.All(layers.Forward(16, [-1f, 0f, 0.5f, 1e30f]), static y => Assert.False(float.IsFinite(y)));
            _ = layers.Backward(16, [-1f, 0f, 0.5f, 1e30f]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Gradients_HaveTheSameBitsTwice(int width)
    {
        var layers = new DenseLineCase(33, 65, 2, Activation.Relu);
        float[] x = layers.Probes()[..64];
        var first = layers.Backward(width, x);
        var second = layers.Backward(width, x);
        Assert.Equal(first.Parameters, second.Parameters);
        Assert.Equal(first.Input, second.Input);
    }

    [Fact]
    public void PublicEntry_TakesThePathOfTheHardware()
    {
        var layers = new DenseLineCase(40, 50, 2, Activation.Relu);
        float[] x = layers.Probes()[..48];
        Assert.Equal(layers.Forward(16, x), layers.Forward(0, x));
        int widest = TileGeometry.Width;
        Assert.Equal(layers.Backward(widest, x).Parameters, layers.Backward(0, x).Parameters);
    }

    [Fact]
    public void OtherActivations_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => new DenseLineCase(8, 8, 1, Activation.Tanh).Forward(1, [0f]));

    [Theory]
    [InlineData(20, 17)]
    [InlineData(64, 64)]
    [InlineData(80, 33)]
    public void AWrongTable_IsFoundOut(int hidden, int second)
    {
        foreach (int width in (int[])[16, 8])
        {
            AssertFound(static (shape, prepared) => prepared[10] += 0.1f, "a breakpoint moved");
            AssertFound(static (shape, prepared) => prepared[..9].CopyTo(prepared[1..]), "breakpoints off by one");
            AssertFound(static (shape, prepared) => prepared.Slice(shape.Rows + shape.RowStride, 4 * shape.RowStride).CopyTo(prepared[shape.Rows..]), "pieces off by one");
            AssertFound(static (shape, prepared) => Negate(ref prepared[shape.Rows + (shape.Hidden / 2 * shape.RowStride) + shape.Width]), "the sign of a slope");
            AssertFound(static (shape, prepared) => Negate(ref prepared[shape.Rows + (shape.Hidden / 2 * shape.RowStride)]), "the sign of a value");
            AssertFound(static (shape, prepared) => prepared[shape.Anchors + 5] *= 1.01f, "an anchor moved");
            AssertFound(static (shape, prepared) => Negate(ref prepared[shape.Last + 1]), "the sign of a weight of the last layer");
            AssertFound(static (shape, prepared) => prepared[shape.Bias + 1] += 1e-3f, "a bias of the last layer");
            AssertFound(static (shape, prepared) => prepared.Slice(shape.Order, shape.Hidden).Reverse(), "units in the wrong order");

            void AssertFound(Action<DenseLineShape, Span<float>> spoil, string name)
            {
                var right = new DenseLineCase(hidden, second, 2, Activation.LeakyRelu);
                var wrong = new DenseLineCase(hidden, second, 2, Activation.LeakyRelu) { Spoil = spoil };
                float[] x = right.SmoothProbes(100);
                bool isFound = Throws(() => wrong.AssertForward(width, right.Probes())) || Throws(() => wrong.AssertBackward(width, x));
                Assert.True(isFound, $"{right}: {name}, and no test saw it.");
            }
        }

        static bool Throws(Action check) => Record.Exception(check) is not null;

        static void Negate(ref float value) => value = -value;
    }

    private static void Check(int width, DenseLineCase layers)
    {
        layers.AssertForward(width, layers.Probes());
        layers.AssertBackward(width, layers.SmoothProbes(4 * width + 1));
    }
}
