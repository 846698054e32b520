using System.Runtime.CompilerServices;
using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Kernels;

/// <summary>A coupling that takes a convolution as it is made does what the same convolution and the same coupling do one after the other.</summary>
public sealed class ConvolutionOutputTests
{
    private const int Inputs = 3;

    /// <summary>Height and width, then channels: one register block and several, halves of a row of vectors, rows of whole ones, narrow and wide borders.</summary>
    public static TheoryData<int, int, int> Images
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach ((int height, int width) in ((int, int)[])[(1, 1), (1, 2), (5, 3), (2, 17), (7, 7), (4, 8), (14, 14), (16, 16), (5, 16), (2, 32), (1, 48), (3, 28), (9, 4)])
            {
                foreach (int channels in (int[])[1, 2, 3, 4, 7])
                {
                    data.Add(height, width, channels);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Affine_EqualsOneAfterTheOther(int height, int width, int channels)
    {
        foreach (ScaleFunction scale in Enum.GetValues<ScaleFunction>())
        {
            foreach (AffineForm form in Enum.GetValues<AffineForm>())
            {
                foreach (float floor in scale == ScaleFunction.Sigmoid ? (float[])[1e-3f, 0] : [1e-3f])
                {
                    var run = new Run(height, width, channels, kinds: 2, kernel: scale == ScaleFunction.Exp ? 1 : 3);
                    run.AssertEqual(
                        (ref tile, changed, output, mask) => AffineCoupling.Forward(ref tile, changed, output, 0, scale, form, floor, run.Scale, mask),
                        (ref tile, changed) => AffineCoupling.Forward(ref tile, changed, 0, scale, form, floor, run.Scale));
                    run.AssertEqual(
                        (ref tile, changed, output, mask) => AffineCoupling.Inverse(ref tile, changed, output, 0, scale, form, floor, run.Scale, mask),
                        (ref tile, changed) => AffineCoupling.Inverse(ref tile, changed, 0, scale, form, floor, run.Scale));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Additive_EqualsOneAfterTheOther(int height, int width, int channels)
    {
        var run = new Run(height, width, channels, kinds: 1, kernel: 3);
        run.AssertEqual(
            static (ref tile, changed, output, mask) => AdditiveCoupling.Forward(ref tile, changed, output, 0, mask),
            static (ref tile, changed) => AdditiveCoupling.Forward(ref tile, changed, 0));
        run.AssertEqual(
            static (ref tile, changed, output, mask) => AdditiveCoupling.Inverse(ref tile, changed, output, 0, mask),
            static (ref tile, changed) => AdditiveCoupling.Inverse(ref tile, changed, 0));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Gradients_EqualThoseOfOneAfterTheOther(int height, int width, int channels)
    {
        const ScaleFunction Scale = ScaleFunction.TanhBounded;
        const AffineForm Form = AffineForm.ShiftThenScale;
        var affine = new Run(height, width, channels, kinds: 2, kernel: 3);
        affine.AssertGradientsEqual(
            (ref tile, changed, output) =>
            {
                AffineCoupling.Forward(ref tile, changed, output, 0, Scale, Form, 0, affine.Scale);
                affine.RestoreState(ref tile);
                AffineCoupling.Backward(ref tile, changed, output, Scale, Form, 0, affine.Scale, affine.ScaleParameter);
            },
            (ref tile, changed) => AffineCoupling.Backward(ref tile, changed, 0, Scale, Form, 0, affine.Scale, affine.ScaleParameter));

        var additive = new Run(height, width, channels, kinds: 1, kernel: 3);
        additive.AssertGradientsEqual(
            (ref tile, changed, output) =>
            {
                AdditiveCoupling.Forward(ref tile, changed, output, 0);
                additive.RestoreState(ref tile);
                AdditiveCoupling.Backward(ref tile, changed, output);
            },
            static (ref tile, changed) => AdditiveCoupling.Backward(ref tile, changed, 0));
    }

    private delegate void Fused(ref Tile tile, Rows changed, ConvolutionOutput output, int mask);

    private delegate void FusedGradient(ref Tile tile, Rows changed, ConvolutionOutput output);

    private delegate void Separate(ref Tile tile, Rows changed);

    /// <summary>One shape with its weights and its tiles.</summary>
    private sealed class Run
    {
        private readonly PlaneShape shape;
        private readonly ConvolutionOutput output;
        private readonly TapConvolution natural;
        private readonly int channels;
        private readonly int pixels;
        private readonly int lanes;
        private readonly int from;
        private readonly int to;
        private readonly int mask;
        private readonly float[] state;

        public Run(int height, int width, int channels, int kinds, int kernel)
        {
            this.channels = channels;
            pixels = height * width;
            lanes = TileGeometry.PadTile(pixels);
            shape = new PlaneShape(height, width, 1);
            from = TileGeometry.Pad16(channels * kinds * lanes);
            to = from + shape.Floats(Inputs);
            output = new ConvolutionOutput(shape, Inputs, channels, kinds, kernel, from, to);
            natural = TapConvolution.Create(shape, Inputs, channels * kinds, kernel);
            ScaleParameter = natural.TensorSize + natural.Outputs;
            Scale = natural.PreparedSize;
            mask = Scale + 16;
            state = NewFixture().State.Span.ToArray();
        }

        /// <summary>Where a of a tanh(u) is in the prepared weights.</summary>
        public int Scale { get; }

        /// <summary>Where its gradient goes.</summary>
        public int ScaleParameter { get; }

        private Rows Changed => Rows.State(Inputs, 1, channels);

        public void RestoreState(ref Tile tile)
        {
            for (int i = 0; i < state.Length; i++)
            {
                Unsafe.Add(ref tile.State, i) = state[i];
            }
        }

        /// <summary>To the last bit, in a gradient and outside of one, of all pixels and of a checkerboard's.</summary>
        public void AssertEqual(Fused fused, Separate separate)
        {
            var (expectedState, expectedLogDet) = RunSeparately(separate);
            foreach (bool recording in (bool[])[false, true])
            {
                foreach (bool masked in (bool[])[false, true])
                {
                    TileFixture fixture = NewFixture();
                    Tile tile = Prepared(fixture, output.Convolution);
                    tile.Recording = recording;
                    fused(ref tile, Changed, output, masked ? mask : -1);
                    fixture.AssertGuards();
                    for (int row = 0; row < Inputs + channels; row++)
                    {
                        for (int pixel = 0; pixel < pixels; pixel++)
                        {
                            float[] expected = masked && pixel % 2 == 1 ? state : expectedState;
                            Assert.Equal(expected[(row * lanes) + pixel], fixture.State[(row * lanes) + pixel]);
                        }
                    }

                    for (int pixel = 0; pixel < pixels; pixel++)
                    {
                        Assert.Equal(masked && pixel % 2 == 1 ? 0 : expectedLogDet[pixel], fixture.LogDet[pixel]);
                        Assert.Equal(masked && pixel % 2 == 1 ? 0 : expectedLogDet[lanes + pixel], fixture.LogDet[lanes + pixel]);
                    }

                    for (int lane = pixels; lane < lanes; lane++)
                    {
                        Assert.True(float.IsFinite(fixture.State[(Inputs * lanes) + lane]));
                    }
                }
            }
        }

        public void AssertGradientsEqual(FusedGradient fused, Separate separate)
        {
            TileFixture expected = NewFixture();
            Tile tile = Prepared(expected, natural);
            natural.Forward(ref tile, 0, from, to);
            Planes.Read(shape, natural.Outputs, ref Unsafe.Add(ref tile.Work, to), ref tile.Work, lanes);
            separate(ref tile, Changed);
            Planes.LoadGradient(ref tile, shape, natural.Outputs, to);
            natural.Backward(ref tile, 0, from, to, 0);

            TileFixture actual = NewFixture();
            tile = Prepared(actual, output.Convolution);
            tile.Recording = true;
            fused(ref tile, Changed, output);
            output.Backward(ref tile, 0, 0);
            actual.AssertGuards();
            for (int i = 0; i < actual.Gradient.Length; i++)
            {
                Assert.Equal(expected.Gradient[i], actual.Gradient[i], 1e-5 * (10 + pixels));
            }

            for (int i = 0; i < actual.GradState.Length; i++)
            {
                Assert.Equal(expected.GradState[i], actual.GradState[i]);
            }

            for (int i = from; i < to; i++)
            {
                Assert.Equal(expected.GradWork[i], actual.GradWork[i], 1e-4);
            }
        }

        private (float[] State, float[] LogDet) RunSeparately(Separate separate)
        {
            TileFixture fixture = NewFixture();
            Tile tile = Prepared(fixture, natural);
            natural.Forward(ref tile, 0, from, to);
            Planes.Read(shape, natural.Outputs, ref Unsafe.Add(ref tile.Work, to), ref tile.Work, lanes);
            separate(ref tile, Changed);
            return (fixture.State.Span.ToArray(), fixture.LogDet.Span.ToArray());
        }

        private TileFixture NewFixture()
        {
            int floats = to + shape.Floats(natural.Outputs);
            var fixture = new TileFixture(lanes, Inputs + channels, (floats / lanes) + 1, ScaleParameter + 1, mask + TileGeometry.Pad16(lanes));

            // Upstream gradients end with the pixels.
            for (int lane = pixels; lane < lanes; lane++)
            {
                fixture.GradLogDet.Span[lane] = 0;
                for (int row = 0; row < Inputs + channels; row++)
                {
                    fixture.GradState.Span[(row * lanes) + lane] = 0;
                }
            }

            return fixture;
        }

        private Tile Prepared(TileFixture fixture, TapConvolution convolution)
        {
            foreach (WeightForm form in (WeightForm[])[WeightForm.Tile, WeightForm.Transposed])
            {
                Preparation preparation = fixture.Preparation(form);
                convolution.Prepare(ref preparation, 0, 0);
            }

            fixture.Weights.Span[Scale] = 0.75f;
            for (int pixel = 0; pixel < pixels; pixel += 2)
            {
                fixture.Weights.Span[mask + pixel] = BitConverter.Int32BitsToSingle(-1);
            }

            // Whatever other layers left there is no part of it, lanes behind the pixels included.
            fixture.Work.Span.Fill(float.NaN);
            Tile tile = fixture.Tile();
            Planes.Load(ref tile, shape, Rows.State(0, 1, Inputs), from);
            return tile;
        }
    }
}
