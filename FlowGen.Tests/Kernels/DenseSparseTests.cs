using FlowGen.Kernels;
using FlowGen.Numerics;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Kernels;

/// <summary>Leaving out terms whose input is zero changes no bit.</summary>
public sealed class DenseSparseTests
{
    private static readonly (int Outputs, int Inputs)[] Shapes = [(33, 32), (62, 64), (64, 65), (100, 33), (128, 128), (130, 97), (250, 130), (256, 40), (300, 191)];

    // Tiles leave terms out in vectors of 512 bits only, which others emulate.
    public static TheoryData<double> Densities => TestProcess.IsNarrow ? [0.5] : [0, 0.1, 0.5, 0.9, 1];

    public static TheoryData<int> Widths => [.. TestProcess.Lanes];

    [Theory]
    [MemberData(nameof(Densities))]
    public void A_tile_equals_the_dense_kernel_bit_for_bit(double density)
    {
        foreach ((int outputs, int inputs) in Shapes)
        {
            for (int samples = 2; samples <= 64; samples += outputs > 130 ? 7 : 3)
            {
                var layer = new Layer(outputs, inputs, (samples + 15) / 16 * 16, density, seed: samples + outputs);
                foreach (Activation activation in (Activation[])[Activation.Relu, Activation.Identity, Activation.Tanh])
                {
                    float[] expected = layer.Dense<Vec512>(activation);
                    float[] actual = layer.Sparse<Vec512>(activation, samples);
                    layer.AssertSameSamples(expected, actual, samples);
                    layer.AssertSameSamples(expected, layer.SparseBySample<Vec512>(activation, samples), samples);
                }
            }
        }
    }

    [Fact]
    public void Wide_tiles_are_done_in_parts()
    {
        foreach (int samples in (int[])[66, 100, 127, 128])
        {
            var layer = new Layer(130, 97, 128, density: 0.5, seed: samples);
            layer.AssertSameSamples(layer.Dense<Vec512>(Activation.Relu), layer.Sparse<Vec512>(Activation.Relu, samples), samples);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_single_sample_equals_the_dense_kernel_bit_for_bit(int width)
    {
        foreach ((int outputs, int inputs) in Shapes)
        {
            foreach (double density in (double[])[0, 0.1, 0.5, 0.9, 1])
            {
                switch (width)
                {
                    case 16: CheckSingle<Vec512>(outputs, inputs, density); break;
                    case 8: CheckSingle<Vec256>(outputs, inputs, density); break;
                    case 4: CheckSingle<Vec128>(outputs, inputs, density); break;
                    default: CheckSingle<VecScalar>(outputs, inputs, density); break;
                }
            }
        }
    }

    [Fact]
    public void Every_term_counts()
    {
        foreach ((int outputs, int inputs) in Shapes)
        {
            // One input that is not zero in each sample, another one in each: W[o, k] x[k] + b[o] in one rounding.
            for (int first = 0; first < inputs; first += 64)
            {
                var layer = new Layer(outputs, inputs, 64, density: 0, seed: 5);
                for (int lane = 0; lane < 64; lane++)
                {
                    layer.X[(((first + lane) % inputs) * 64) + lane] = lane - 31.5f;
                }

                float[] y = layer.Sparse<Vec512>(Activation.Identity, 64);
                for (int lane = 0; lane < 64; lane++)
                {
                    int k = (first + lane) % inputs;
                    float[] single = layer.Single<Vec512>(Activation.Identity, lane);
                    for (int o = 0; o < outputs; o++)
                    {
                        double exact = ((double)layer.Matrix[(o * inputs) + k] * (lane - 31.5f)) + layer.Bias[o];
                        Assert.Equal((float)exact, y[(o * 64) + lane], 1e-6 * (1 + Math.Abs(exact)));
                        Assert.Equal((float)exact, single[o], 1e-6 * (1 + Math.Abs(exact)));
                    }
                }
            }
        }
    }

    [Fact]
    public void Weights_of_zero_inputs_are_not_read()
    {
        var layer = new Layer(128, 96, 64, density: 0.4, seed: 6);
        for (int k = 0; k < 96; k += 3)
        {
            layer.X.AsSpan(k * 64, 64).Clear();
        }

        float[] expected = layer.Dense<Vec512>(Activation.Relu);
        for (int k = 0; k < 96; k += 3)
        {
            layer.Packed.AsSpan(128 + (k * FlowGen.Kernels.Dense.Leading(128)), 128).Fill(float.NaN);
        }

        layer.AssertSameSamples(expected, layer.Sparse<Vec512>(Activation.Relu, 64), 64);
        Assert.All(layer.Single<Vec512>(Activation.Relu, 7)[..128], static value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void What_is_not_finite_stays_with_its_sample()
    {
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            var layer = new Layer(70, 66, 64, density: 0.5, seed: 8);
            float[] before = layer.Sparse<Vec512>(Activation.Identity, 64);
            layer.X[(65 * 64) + 9] = bad;
            float[] expected = layer.Dense<Vec512>(Activation.Identity);
            float[] actual = layer.Sparse<Vec512>(Activation.Identity, 64);
            layer.AssertSameSamples(expected, actual, 64);
            for (int o = 0; o < 70; o++)
            {
                Assert.False(float.IsFinite(actual[(o * 64) + 9]));
                Assert.Equal(before[(o * 64) + 8], actual[(o * 64) + 8]);
                Assert.Equal(before[(o * 64) + 10], actual[(o * 64) + 10]);
            }

            CheckSingle<Vec512>(layer);
            CheckSingle<Vec128>(layer);
        }
    }

    [Fact]
    public void A_weight_that_is_not_finite_makes_its_output_NaN_on_every_path()
    {
        foreach (float bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            foreach (int column in (int[])[0, 17, 40, 63, 64])
            {
                var layer = new Layer(50, 65, 64, density: 0, seed: 9, bad: ((49 * 65) + column, bad));
                float[] dense = layer.Dense<Vec512>(Activation.Identity);
                float[] sparse = layer.Sparse<Vec512>(Activation.Identity, 64);
                float[] single = layer.Single<Vec512>(Activation.Identity, 3);
                for (int lane = 0; lane < 64; lane++)
                {
                    Assert.True(float.IsNaN(dense[(49 * 64) + lane]));
                    Assert.True(float.IsNaN(sparse[(49 * 64) + lane]));
                    Assert.True(float.IsFinite(dense[(48 * 64) + lane]));
                    Assert.True(float.IsFinite(sparse[(48 * 64) + lane]));
                }

                Assert.True(float.IsNaN(single[49]));
                Assert.True(float.IsFinite(single[48]));
            }
        }
    }

    [Fact]
    public void Zeros_come_out_positive_on_every_path()
    {
        // A bias of -0, and products that underflow to -0, before zeros of either sign.
        var layer = new Layer(48, 64, 64, density: 0, seed: 10);
        layer.Bias.AsSpan().Fill(-0f);
        layer.Matrix.AsSpan().Fill(-1e-30f);
        layer.Pack();
        for (int k = 0; k < 64; k++)
        {
            layer.X.AsSpan(k * 64, 64).Fill(k < 3 ? 1e-30f : k % 2 == 0 ? 0 : -0f);
        }

        foreach (float[] result in (float[][])[layer.Dense<Vec512>(Activation.Identity), layer.Sparse<Vec512>(Activation.Identity, 64), layer.Single<Vec512>(Activation.Identity, 1), layer.Single<Vec128>(Activation.Identity, 1)])
        {
            Assert.All(result[..48], static value => Assert.Equal(0, BitConverter.SingleToInt32Bits(value)));
        }
    }

    private static void CheckSingle<V>(int outputs, int inputs, double density)
        where V : struct, IVec<V> => CheckSingle<V>(new Layer(outputs, inputs, 64, density, seed: outputs));

    private static void CheckSingle<V>(Layer layer)
        where V : struct, IVec<V>
    {
        foreach (Activation activation in (Activation[])[Activation.Relu, Activation.Identity, Activation.Tanh])
        {
            float[] expected = layer.Dense<V>(activation);
            foreach (int lane in (int[])[0, 9, 31, 63])
            {
                float[] single = layer.Single<V>(activation, lane);
                for (int o = 0; o < layer.Outputs; o++)
                {
                    Assert.Equal(BitConverter.SingleToInt32Bits(expected[(o * 64) + lane]), BitConverter.SingleToInt32Bits(single[o]));
                }
            }
        }
    }

    /// <summary>A layer with its input in the work area, on every path.</summary>
    private sealed class Layer
    {
        private readonly int inputs;
        private readonly int lanes;
        private readonly float[] tiled;

        public Layer(int outputs, int inputs, int lanes, double density, int seed, (int At, float Value)? bad = null)
        {
            Outputs = outputs;
            this.inputs = inputs;
            this.lanes = lanes;
            var random = new System.Random(seed);
            Matrix = [.. Enumerable.Range(0, outputs * inputs).Select(_ => random.NextSingle() - 0.5f)];
            Bias = [.. Enumerable.Range(0, outputs).Select(i => i % 5 == 0 ? -0f : random.NextSingle() - 0.5f)];
            X = [.. Enumerable.Range(0, inputs * lanes).Select(_ => random.NextDouble() < density ? random.NextSingle() + 1e-3f : random.NextDouble() < 0.5 ? 0 : -0f)];
            if (bad is { } entry)
            {
                Matrix[entry.At] = entry.Value;
            }

            int size = FlowGen.Kernels.Dense.PreparedSize(inputs, outputs);
            tiled = new float[size + 64];
            Packed = new float[size + 64];
            Pack();
        }

        public int Outputs { get; }

        public float[] Matrix { get; }

        public float[] Bias { get; }

        public float[] X { get; }

        public float[] Packed { get; }

        public void Pack()
        {
            FlowGen.Kernels.Dense.Pack(WeightForm.Tile, Matrix, Bias, inputs, Outputs, tiled);
            FlowGen.Kernels.Dense.Pack(WeightForm.Single, Matrix, Bias, inputs, Outputs, Packed);
        }

        public float[] Dense<V>(Activation activation)
            where V : struct, IVec<V>
        {
            float[] work = Work(lanes);
            X.CopyTo(work.AsSpan());
            var tile = new Tile { Lanes = lanes, Work = ref work[0], Weights = ref tiled[0] };
            DenseTile.Forward<V>(ref tile, Rows.Work(0, inputs), 0, Outputs, To, ref Matrix[0], activation, preActivation: -1);
            return work[(To * lanes)..];
        }

        public float[] Sparse<V>(Activation activation, int samples)
            where V : struct, IVec<V>
        {
            float[] work = Work(lanes);
            X.CopyTo(work.AsSpan());
            var tile = new Tile { Lanes = lanes, Samples = samples, Work = ref work[0], Weights = ref tiled[0], SingleWeights = ref Packed[0] };
            DenseSparse.Forward<V>(ref tile, Rows.Work(0, inputs), 0, Outputs, To, activation, preActivation: -1, bySample: false);
            Assert.Equal(X, work[..X.Length]);
            return work[(To * lanes)..];
        }

        /// <summary>From inputs and to outputs that lie sample by sample; what is behind the outputs of the layer before is not zero.</summary>
        public float[] SparseBySample<V>(Activation activation, int samples)
            where V : struct, IVec<V>
        {
            float[] work = Work(lanes);
            work.AsSpan().Fill(0.75f);
            int padded = (inputs + 15) / 16 * 16;
            for (int at = 0; at < inputs * samples; at++)
            {
                work[(at / inputs * padded) + (at % inputs)] = X[(at % inputs * lanes) + (at / inputs)];
            }

            var tile = new Tile { Lanes = lanes, Samples = samples, BySample = true, Work = ref work[0], Weights = ref tiled[0], SingleWeights = ref Packed[0] };
            DenseSparse.Forward<V>(ref tile, Rows.Work(0, inputs), 0, Outputs, To, activation, preActivation: -1, bySample: true);
            float[] rows = new float[Outputs * lanes];
            for (int at = 0; at < Outputs * samples; at++)
            {
                rows[(at % Outputs * lanes) + (at / Outputs)] = work[(To * lanes) + (at / Outputs * FlowGen.Kernels.Dense.Pad(Outputs)) + (at % Outputs)];
            }

            return rows;
        }

        public float[] Single<V>(Activation activation, int lane)
            where V : struct, IVec<V>
        {
            float[] work = Work(1);
            for (int k = 0; k < inputs; k++)
            {
                work[k] = X[(k * lanes) + lane];
            }

            // What lies behind the inputs must not be taken for one.
            work.AsSpan(inputs, To - inputs).Fill(float.NaN);
            var tile = new Tile { Lanes = 1, Work = ref work[0], Weights = ref Packed[0] };
            DenseSingle.Forward<V>(ref tile, Rows.Work(0, inputs), 0, Outputs, To, activation, preActivation: -1);
            return work[To..];
        }

        public void AssertSameSamples(float[] expected, float[] actual, int samples)
        {
            for (int o = 0; o < Outputs; o++)
            {
                for (int lane = 0; lane < samples; lane++)
                {
                    int at = (o * lanes) + lane;
                    Assert.True(
                        BitConverter.SingleToInt32Bits(expected[at]) == BitConverter.SingleToInt32Bits(actual[at]),
                        $"{Outputs} x {inputs}, {samples} samples, output {o}, lane {lane}: {expected[at]:R} and {actual[at]:R}");
                }
            }
        }

        private int To => (inputs + 31) / 16 * 16;

        private float[] Work(int count) => new float[((To + Outputs + 32) * count) + 256];
    }
}
