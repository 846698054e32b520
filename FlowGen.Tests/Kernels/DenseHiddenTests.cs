using FlowGen.Kernels;
using FlowGen.Numerics;
using Xunit;

namespace FlowGen.Tests.Kernels;

/// <summary>Hidden layers that lie sample by sample between dense layers change no bit.</summary>
public sealed class DenseHiddenTests
{
    private static readonly int[][] Networks = [[31, 128, 128, 62], [9, 40, 70, 33], [5, 33, 250, 97, 6], [64, 65, 300, 2], [3, 64, 64, 40], [20, 160, 48]];

    public static TheoryData<Activation, float> Cases => new()
    {
        { Activation.Relu, 0 }, { Activation.Relu, 0.4f }, { Activation.Relu, -0.4f }, { Activation.Relu, -9 }, { Activation.Relu, 9 }, { Activation.Tanh, 0 }, { Activation.Silu, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_network_equals_its_layers_one_by_one(Activation activation, float bias)
    {
        foreach (int[] widths in Networks)
        {
            for (int samples = 2; samples <= 64; samples += samples < 20 ? 1 : 11)
            {
                var network = new Network(widths, (samples + 15) / 16 * 16, activation, bias, seed: samples);
                float[] expected = network.Rows();
                float[] actual = network.Hidden(samples, recording: false);
                network.AssertSame(expected, actual, samples);
                network.AssertSame(expected, network.Hidden(samples, recording: true), samples);
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0f)]
    public void What_is_not_finite_stays_with_its_sample(float bad)
    {
        foreach (int samples in (int[])[2, 3, 7, 16, 33, 64])
        {
            var network = new Network([31, 128, 128, 62], (samples + 15) / 16 * 16, Activation.Relu, bias: 0, seed: 3);
            float[] before = network.Hidden(samples, recording: false);
            network.State[(4 * network.Lanes) + 1] = bad;
            float[] after = network.Hidden(samples, recording: false);
            network.AssertSame(network.Rows(), after, samples);
            for (int o = 0; o < 62; o++)
            {
                Assert.Equal(before[o * network.Lanes], after[o * network.Lanes]);
            }
        }
    }

    [Fact]
    public void Wide_layers_behind_a_ReLU_lie_sample_by_sample()
    {
        if (!TileGeometry.HasFew)
        {
            return;
        }

        foreach (int samples in (int[])[4, 16, 17, 64, 128])
        {
            Assert.Equal(2, new Network([31, 128, 128, 62], (samples + 15) / 16 * 16, Activation.Relu, bias: 0, seed: 1).HiddenBySample(samples));
            Assert.Equal(samples <= 16 ? 2 : 0, new Network([31, 128, 128, 62], (samples + 15) / 16 * 16, Activation.Tanh, bias: 0, seed: 1).HiddenBySample(samples));
            Assert.Equal(0, new Network([31, 128, 2], (samples + 15) / 16 * 16, Activation.Relu, bias: 0, seed: 1).HiddenBySample(samples));

            // Of more than 512 inputs zeros are left out where a core does one multiply-add a cycle, and else of the smallest tiles and of those whose samples are worth the way of the weights.
            Assert.Equal(samples is <= 16 or >= 128 || !Processor.MultipliesTwice ? 2 : 0, new Network([31, 513, 513, 62], (samples + 15) / 16 * 16, Activation.Relu, bias: 0, seed: 1).HiddenBySample(samples));
            Assert.Equal(2, new Network([31, 512, 512, 62], (samples + 15) / 16 * 16, Activation.Relu, bias: 0, seed: 1).HiddenBySample(samples));
        }
    }

    [Fact]
    public void Tiles_of_more_samples_than_a_register_block_serves_are_done_in_parts()
    {
        foreach (int samples in (int[])[65, 100, 127, 128, 129, 200, 255, 256])
        {
            foreach (int width in (int[])[128, 300])
            {
                var network = new Network([31, width, width, 62], samples <= 128 ? 128 : 256, Activation.Relu, bias: 0, seed: samples);
                network.AssertSame(network.Rows(), network.Hidden(samples, recording: false), samples);
            }
        }
    }

    /// <summary>Dense layers one behind the other, as the conditioner of a coupling.</summary>
    private sealed class Network
    {
        private readonly int[] widths;
        private readonly Activation activation;
        private readonly float[] tiled;
        private readonly float[] single;
        private readonly int[] offsets;
        private readonly int[] places;
        private readonly float[] parameters;

        public Network(int[] widths, int lanes, Activation activation, float bias, int seed)
        {
            this.widths = widths;
            this.activation = activation;
            Lanes = lanes;
            var random = new System.Random(seed);
            State = [.. Enumerable.Range(0, widths[0] * lanes).Select(_ => (2 * random.NextSingle()) - 1)];
            offsets = new int[widths.Length];
            places = new int[widths.Length];
            for (int layer = 1; layer < widths.Length; layer++)
            {
                offsets[layer] = offsets[layer - 1] + (layer > 1 ? Dense.PreparedSize(widths[layer - 2], widths[layer - 1]) : 0);
                places[layer] = places[layer - 1] + (layer > 1 ? widths[layer - 1] * (widths[layer - 2] + 1) : 0);
            }

            int size = offsets[^1] + Dense.PreparedSize(widths[^2], widths[^1]) + 64;
            tiled = new float[size];
            single = new float[size];
            parameters = new float[places[^1] + (widths[^1] * (widths[^2] + 1))];
            for (int layer = 1; layer < widths.Length; layer++)
            {
                float scale = 2 / MathF.Sqrt(widths[layer - 1]);
                float[] matrix = [.. Enumerable.Range(0, widths[layer] * widths[layer - 1]).Select(_ => ((2 * random.NextSingle()) - 1) * scale)];
                float[] biases = [.. Enumerable.Range(0, widths[layer]).Select(i => i % 5 == 0 && bias == 0 ? -0f : random.NextSingle() - 0.5f + bias)];
                matrix.CopyTo(parameters, places[layer]);
                Dense.Pack(WeightForm.Tile, matrix, biases, widths[layer - 1], widths[layer], tiled.AsSpan(offsets[layer]));
                Dense.Pack(WeightForm.Single, matrix, biases, widths[layer - 1], widths[layer], single.AsSpan(offsets[layer]));
            }
        }

        public int Lanes { get; }

        public float[] State { get; }

        /// <summary>Every layer as the tile's rows, without the single-sample form of the weights.</summary>
        public float[] Rows()
        {
            float[] work = Work();
            float[] state = [.. State];
            var tile = new Tile { Lanes = Lanes, State = ref state[0], Work = ref work[0], Weights = ref tiled[0], Parameters = ref parameters[0] };
            for (int layer = 1; layer < widths.Length; layer++)
            {
                Dense.Forward(ref tile, Input(layer), offsets[layer], widths[layer], Row(layer), places[layer], Act(layer));
            }

            return work[(Row(widths.Length - 1) * Lanes)..];
        }

        /// <summary>Every layer but the last as one that only the next reads.</summary>
        public float[] Hidden(int samples, bool recording)
        {
            float[] work = Work();
            Run(samples, recording, work);
            return work[(Row(widths.Length - 1) * Lanes)..];
        }

        /// <summary>How many layers came out sample by sample.</summary>
        public int HiddenBySample(int samples) => Run(samples, recording: false, Work());

        public void AssertSame(float[] expected, float[] actual, int samples)
        {
            for (int o = 0; o < widths[^1]; o++)
            {
                for (int lane = 0; lane < samples; lane++)
                {
                    int at = (o * Lanes) + lane;
                    Assert.True(
                        BitConverter.SingleToInt32Bits(expected[at]) == BitConverter.SingleToInt32Bits(actual[at]),
                        $"{string.Join('-', widths)} {activation}, {samples} samples, output {o}, lane {lane}: {expected[at]:R} and {actual[at]:R}");
                }
            }
        }

        private int Run(int samples, bool recording, float[] work)
        {
            float[] state = [.. State];
            int bySample = 0;
            var tile = new Tile
            {
                Lanes = Lanes, Samples = TileGeometry.HasFew ? samples : 0, Recording = recording, State = ref state[0], Work = ref work[0], Weights = ref tiled[0], SingleWeights = ref single[0], Parameters = ref parameters[0],
            };
            for (int layer = 1; layer < widths.Length - 1; layer++)
            {
                Dense.ForwardHidden(ref tile, Input(layer), offsets[layer], widths[layer], Row(layer), places[layer], activation, widths[layer + 1]);
                bySample += tile.BySample ? 1 : 0;
                Assert.False(tile.BySample && recording);
            }

            Dense.Forward(ref tile, Input(widths.Length - 1), offsets[^1], widths[^1], Row(widths.Length - 1), places[^1], Activation.Identity);
            Assert.False(tile.BySample);
            return bySample;
        }

        private Activation Act(int layer) => layer == widths.Length - 1 ? Activation.Identity : activation;

        private Rows Input(int layer) => layer == 1 ? FlowGen.Kernels.Rows.State(0, 1, widths[0]) : FlowGen.Kernels.Rows.Work(Row(layer - 1), widths[layer - 1]);

        // What a row area does not hold must not be read.
        private float[] Work()
        {
            float[] work = new float[((Row(widths.Length - 1) + widths[^1] + 32) * Lanes) + 256];
            work.AsSpan().Fill(float.NaN);
            return work;
        }

        private int Row(int layer) => Enumerable.Range(1, layer - 1).Sum(i => (widths[i] + 15) / 16 * 16);
    }
}
