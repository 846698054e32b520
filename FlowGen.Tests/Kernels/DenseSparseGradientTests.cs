using FlowGen.Kernels;
using FlowGen.Numerics;
using Xunit;

namespace FlowGen.Tests.Kernels;

/// <summary>Leaving out terms whose upstream gradient is zero changes no bit of a gradient but the sign of a zero.</summary>
public sealed class DenseSparseGradientTests
{
    private static readonly (int Outputs, int Inputs)[] Shapes =
        [(16, 33), (17, 48), (32, 33), (33, 64), (62, 128), (63, 65), (64, 64), (65, 66), (97, 130), (128, 128), (130, 250), (191, 300), (250, 100), (1030, 40)];

    public static TheoryData<double> Densities => [0, 0.05, 0.5, 0.69, 1];

    [Theory]
    [MemberData(nameof(Densities))]
    public void The_gradient_by_the_weights_is_the_one_of_the_dense_kernel_bit_for_bit(double density)
    {
        foreach ((int outputs, int inputs) in Shapes)
        {
            foreach (int lanes in (int[])[16, 48, 64, 80, 112, 128])
            {
                var layer = new Layer(outputs, inputs, lanes, density);
                float[] expected = layer.DenseWeights();
                float[] actual = layer.SparseWeights();
                AssertSame(expected, actual, bits: true, $"{outputs} x {inputs}, {lanes} lanes");
                layer.AssertWeights(actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Densities))]
    public void The_gradient_by_the_inputs_is_the_one_of_the_dense_kernel(double density)
    {
        foreach ((int outputs, int inputs) in Shapes)
        {
            foreach (int lanes in (int[])[32, 48, 64, 80, 128])
            {
                if (outputs >= 32 && (outputs + 15) / 16 <= (inputs + 15) / 16)
                {
                    var layer = new Layer(outputs, inputs, lanes, density);
                    float[] actual = layer.SparseInputs();
                    AssertSame(layer.DenseInputs(), actual, bits: false, $"{outputs} x {inputs}, {lanes} lanes");
                    layer.AssertInputs(actual);
                }
            }
        }
    }

    [Fact]
    public void The_backward_pass_leaves_zeros_out_behind_every_activation()
    {
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (bool accumulates in (bool[])[false, true])
            {
                var layer = new Layer(50, 70, 64, density: 0.4);
                float[] expected = layer.Backward<Vec256>(activation, accumulates, out float[] byWeights);
                float[] actual = layer.Backward<Vec512>(activation, accumulates, out float[] actualByWeights);
                AssertSame(expected, actual, bits: false, $"{activation}, by the inputs");
                AssertSame(byWeights, actualByWeights, bits: true, $"{activation}, by the weights");
            }
        }
    }

    [Fact]
    public void A_sample_that_is_not_finite_reaches_every_output()
    {
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            foreach (var (lanes, lane) in (ReadOnlySpan<(int, int)>)[(64, 0), (64, 15), (64, 63), (80, 15), (80, 64), (80, 79), (128, 0), (128, 63), (128, 80), (128, 127)])
            {
                var layer = new Layer(40, 50, lanes, density: 0.3);
                layer.X[(49 * lanes) + lane] = bad;
                float[] actual = layer.SparseWeights();
                AssertSame(layer.DenseWeights(), actual, bits: true, $"{bad} in lane {lane} of {lanes}");
                for (int output = 0; output < 40; output++)
                {
                    Assert.False(float.IsFinite(actual[(output * 50) + 49]));
                    Assert.True(float.IsFinite(actual[(output * 50) + 48]));
                }
            }
        }
    }

    [Fact]
    public void A_gradient_that_is_not_finite_stays_with_its_output_and_its_sample()
    {
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity])
        {
            var layer = new Layer(40, 50, 64, density: 0.3);
            layer.Upstream[(39 * 64) + 63] = bad;
            AssertSame(layer.DenseWeights(), layer.SparseWeights(), bits: true, $"{bad}");
            float[] actual = layer.SparseInputs();
            AssertSame(layer.DenseInputs(), actual, bits: false, $"{bad}");
            Assert.All(Enumerable.Range(0, 50), input => Assert.False(float.IsFinite(actual[(input * 64) + 63])));
            Assert.All(Enumerable.Range(0, 50), input => Assert.True(float.IsFinite(actual[(input * 64) + 62])));
        }
    }

    [Fact]
    public void A_weight_that_is_not_finite_reaches_every_sample()
    {
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            foreach (int output in (int[])[0, 63, 64, 69])
            {
                var layer = new Layer(70, 80, 64, density: 0.3, bad: ((output * 80) + 77, bad));
                float[] actual = layer.SparseInputs();
                AssertSame(layer.DenseInputs(), actual, bits: false, $"{bad} in row {output}");
                for (int lane = 0; lane < 64; lane++)
                {
                    Assert.False(float.IsFinite(actual[(77 * 64) + lane]));
                    Assert.True(float.IsFinite(actual[(76 * 64) + lane]));
                }
            }
        }
    }

    [Fact]
    public void Weights_of_zero_gradients_are_not_read()
    {
        var layer = new Layer(64, 96, 64, density: 0.6);
        for (int output = 0; output < 64; output += 3)
        {
            layer.Upstream.AsSpan(output * 64, 64).Clear();
        }

        float[] expected = layer.SparseInputs();
        for (int output = 0; output < 64; output += 3)
        {
            layer.Parameters.AsSpan(Layer.Offset + (output * 96), 96).Fill(float.NaN);
        }

        AssertSame(expected, layer.SparseInputs(), bits: true, "weights of zeros");
    }

    [Fact]
    public void It_is_taken_where_enough_is_zero()
    {
        Assert.True(new Layer(128, 128, 64, density: 0.35).Pays(out bool forInputs));
        Assert.True(forInputs);
        Assert.False(new Layer(128, 128, 64, density: 0.9).Pays(out forInputs));
        Assert.False(forInputs);
        Assert.False(new Layer(128, 128, 64, density: 1).Pays(out forInputs));
        Assert.False(forInputs);

        // What is turned over must have room where the inputs were, and a short row is no vectors.
        Assert.True(new Layer(128, 64, 64, density: 0.35).Pays(out forInputs));
        Assert.False(forInputs);
        Assert.False(new Layer(128, 31, 64, density: 0.35).Pays(out forInputs));
        Assert.False(forInputs);
        Assert.False(new Layer(128, 128, 144, density: 0.35).Pays(out forInputs));
        Assert.False(forInputs);
    }

    private static void AssertSame(float[] expected, float[] actual, bool bits, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = bits && !float.IsNaN(expected[i])
                ? BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                : expected[i].Equals(actual[i]);
            Assert.True(same, $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}.");
        }
    }

    /// <summary>A layer in the work area, behind another: its input, the gradient of its output, and both gradients on every path.</summary>
    private sealed class Layer
    {
        public const int Offset = 5;
        private const int WeightOffset = 16;
        private const float Guard = 12345;
        private readonly int outputs;
        private readonly int inputs;
        private readonly int lanes;
        private readonly float[] sums;
        private readonly float[] prepared;

        public Layer(int outputs, int inputs, int lanes, double density, (int At, float Value)? bad = null)
        {
            this.outputs = outputs;
            this.inputs = inputs;
            this.lanes = lanes;
            var random = new System.Random(outputs + inputs + lanes);
            float Next() => (2 * random.NextSingle()) - 1;
            float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];
            Parameters = Numbers(Offset + ((inputs + 1) * outputs));
            X = Numbers(inputs * lanes);
            Upstream = [.. Enumerable.Range(0, outputs * lanes).Select(_ => random.NextDouble() < density ? Next() : random.NextDouble() < 0.5 ? 0 : -0f)];
            sums = Numbers(outputs * inputs);
            if (bad is { } entry)
            {
                Parameters[Offset + entry.At] = entry.Value;
            }

            prepared = new float[WeightOffset + FlowGen.Kernels.Dense.PreparedSize(inputs, outputs) + 64];
            FlowGen.Kernels.Dense.Pack(
                WeightForm.Tile, Parameters.AsSpan(Offset, outputs * inputs), Parameters.AsSpan(Offset + (outputs * inputs)), inputs, outputs, prepared.AsSpan(WeightOffset));
        }

        public float[] Parameters { get; }

        public float[] X { get; }

        public float[] Upstream { get; }

        private int TurnedStride => (inputs + 15) / 16 * 16 | 16;

        public bool Pays(out bool forInputs)
        {
            var tile = new Tile { Lanes = lanes };
            forInputs = DenseSparseGradient.PaysForInputs<Vec512>(ref tile, ref Upstream[0], outputs, inputs);
            Assert.False(DenseSparseGradient.Pays<Vec256>(ref Upstream[0], lanes, outputs, inputs));
            return DenseSparseGradient.Pays<Vec512>(ref Upstream[0], lanes, outputs, inputs);
        }

        // Vectors of 256 bits never leave anything out.
        public float[] DenseWeights()
        {
            float[] gradient = [.. sums];
            float[] turned = new float[(lanes * TurnedStride) + 256];
            DenseGradient.Weights<Vec256>(ref Upstream[0], lanes, outputs, ref X[0], lanes, inputs, ref turned[0], ref gradient[0]);
            return gradient;
        }

        public float[] SparseWeights()
        {
            float[] gradient = [.. sums, Guard, Guard];
            float[] turned = new float[(lanes * TurnedStride) + 256];
            DenseTurn.Turn(ref X[0], lanes, inputs, lanes, ref turned[0], TurnedStride);
            DenseSparseGradient.Weights<Vec512>(ref Upstream[0], lanes, outputs, ref X[0], lanes, inputs, ref turned[0], TurnedStride, ref gradient[0]);
            Assert.Equal([Guard, Guard], gradient[^2..]);
            return gradient[..^2];
        }

        public float[] DenseInputs() => BackwardInputs<Vec256>();

        public float[] SparseInputs()
        {
            float[] result = new float[(inputs * lanes) + 2];
            result.AsSpan(inputs * lanes).Fill(Guard);
            float[] turned = new float[(lanes * TurnedStride) + 256];
            var tile = new Tile { Lanes = lanes, Weights = ref prepared[0], Parameters = ref Parameters[0], Turned = ref turned[0] };
            DenseSparseGradient.Inputs<Vec512>(ref tile, ref Upstream[0], WeightOffset, outputs, Offset, inputs, ref result[0]);
            Assert.Equal([Guard, Guard], result[^2..]);
            return result[..^2];
        }

        public float[] Backward<V>(Activation activation, bool accumulates, out float[] byWeights)
            where V : struct, IVec<V>
        {
            // Rows: the activations, their arguments, the outputs.
            float[] work = [.. X, .. X, .. Upstream];
            float[] gradWork = [.. X, .. X, .. Upstream];
            for (int i = 0; i < X.Length; i++)
            {
                work[i] = (float)DenseReference.Apply(activation, X[i]);
            }

            float[] gradient = [.. Enumerable.Repeat(0f, Offset), .. sums, .. new float[outputs + 16]];
            float[] turned = new float[(lanes * TurnedStride) + 256];
            var tile = new Tile
            {
                Lanes = lanes,
                Work = ref work[0],
                GradWork = ref gradWork[0],
                Weights = ref prepared[0],
                Parameters = ref Parameters[0],
                Gradient = ref gradient[0],
                Turned = ref turned[0],
            };
            int preActivation = activation is Activation.Silu or Activation.Gelu ? inputs : -1;
            DenseTile.Backward<V>(ref tile, Rows.Work(0, inputs), WeightOffset, outputs, 2 * inputs, Offset, activation, preActivation, accumulates);
            Assert.Equal(X, gradWork[X.Length..(2 * X.Length)]);
            Assert.Equal(Upstream, gradWork[(2 * X.Length)..]);
            byWeights = gradient[Offset..(Offset + sums.Length)];
            return gradWork[..X.Length];
        }

        public void AssertWeights(float[] actual)
        {
            for (int at = 0; at < actual.Length; at++)
            {
                double sum = sums[at];
                for (int lane = 0; lane < lanes; lane++)
                {
                    sum += (double)Upstream[(at / inputs * lanes) + lane] * X[(at % inputs * lanes) + lane];
                }

                Assert.Equal(sum, actual[at], 1e-6 * (8 + lanes));
            }
        }

        public void AssertInputs(float[] actual)
        {
            for (int at = 0; at < actual.Length; at++)
            {
                double sum = 0;
                for (int output = 0; output < outputs; output++)
                {
                    sum += (double)Upstream[(output * lanes) + (at % lanes)] * Parameters[Offset + (output * inputs) + (at / lanes)];
                }

                Assert.Equal(sum, actual[at], 1e-6 * (8 + outputs));
            }
        }

        private float[] BackwardInputs<V>()
            where V : struct, IVec<V>
        {
            return Backward<V>(Activation.Identity, accumulates: false, out _);
        }
    }
}
