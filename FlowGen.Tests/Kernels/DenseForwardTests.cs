using FlowGen.Kernels;
using FlowGen.Numerics;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Kernels;

public sealed class DenseForwardTests
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 6, 7, 8, 16, 17, 64, 65, 100];

    public static TheoryData<int> Widths => [.. TestProcess.Lanes];

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Tile_EqualsTheReferenceAndASingleSampleBitForBit(int width)
    {
        foreach (int outputs in Sizes)
        {
            foreach (int inputs in Sizes)
            {
                foreach (int lanes in (int[])[width, 2 * width, 3 * width, 4 * width, 5 * width])
                {
                    CheckAtWidth(width, new Shape(outputs, inputs, lanes, Activation.Relu, StateInput: false));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void StridedStateRows_AreRead(int width)
    {
        foreach (int inputs in Sizes)
        {
            CheckAtWidth(width, new Shape(7, inputs, 2 * width, Activation.Identity, StateInput: true));
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void EveryActivation_IsAppliedAndKeepsItsInput(Activation activation)
    {
        foreach (int width in (int[])[16, 8, 4, 1])
        {
            CheckAtWidth(width, new Shape(17, 5, 4 * width, activation, StateInput: false));
            CheckAtWidth(width, new Shape(17, 5, 4 * width, activation, StateInput: false, KeepsPreActivation: true));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void WideLayersAndWideTiles_EqualTheReference(int width)
    {
        CheckAtWidth(width, new Shape(64, 300, 256, Activation.Relu, StateInput: false));
        CheckAtWidth(width, new Shape(13, 784, 64, Activation.Identity, StateInput: false));
        CheckAtWidth(width, new Shape(130, 64, 256, Activation.Relu, StateInput: true));
    }

    [Fact]
    public void PublicEntry_TakesThePathOfTheHardware()
    {
        foreach (int lanes in (int[])[1, 16, 48, 64, 256])
        {
            Shape shape = new(31, 64, lanes, Activation.Relu, StateInput: false);
            TileFixture fixture = shape.Fixture();
            Preparation preparation = fixture.Preparation(lanes == 1 ? WeightForm.Single : WeightForm.Tile);
            Dense.Prepare(ref preparation, Shape.ParameterOffset, shape.Inputs, shape.Outputs, Shape.WeightOffset);
            Tile tile = fixture.Tile();
            Dense.Forward(ref tile, shape.Input, Shape.WeightOffset, shape.Outputs, shape.To, Shape.ParameterOffset, shape.Activation);
            fixture.AssertGuards();
            AssertReference(shape, fixture);
        }
    }

    [Fact]
    public void FewSamples_EqualTheTileBitForBit()
    {
        foreach (int samples in Enumerable.Range(1, 16))
        {
            foreach ((int outputs, int inputs) in ((int, int)[])[(3, 5), (7, 4), (16, 9), (31, 64), (33, 6), (64, 65), (100, 17), (130, 33)])
            {
                CheckFew(samples, new Shape(outputs, inputs, 16, Activation.Relu, StateInput: samples % 2 == 0));
                CheckFew(samples, new Shape(outputs, inputs, 16, Activation.Tanh, StateInput: false, KeepsPreActivation: samples % 3 == 0));
            }
        }
    }

    private static void CheckFew(int samples, Shape shape)
    {
        TileFixture fixture = shape.Fixture();
        foreach (WeightForm form in (WeightForm[])[WeightForm.Tile, WeightForm.Transposed])
        {
            Preparation preparation = fixture.Preparation(form);
            ReadOnlySpan<float> parameters = fixture.Parameters.Span[Shape.ParameterOffset..];
            int count = shape.Outputs * shape.Inputs;
            if (form == WeightForm.Tile)
            {
                Dense.Prepare(ref preparation, Shape.ParameterOffset, shape.Inputs, shape.Outputs, Shape.WeightOffset);
            }
            else
            {
                // The block of another form serves for the single-sample one.
                Dense.PackSingle(parameters[..count], parameters.Slice(count, shape.Outputs), shape.Inputs, shape.Outputs, preparation.Prepared[Shape.WeightOffset..]);
            }
        }

        float[] before = fixture.Work.Span.ToArray();
        Tile tile = fixture.Tile();
        shape.Forward<Vec512>(ref tile, fixture);
        float[] expected = fixture.Work.Span.ToArray();

        before.AsSpan().CopyTo(fixture.Work.Span);
        tile.Samples = samples;
        tile.SingleWeights = ref fixture.TransposedWeights.Start;
        DenseFew.Forward<Vec512>(ref tile, shape.Input, Shape.WeightOffset, shape.Outputs, shape.To, shape.Activation, shape.PreActivation, bySample: false);
        fixture.AssertGuards();
        for (int output = 0; output < shape.Outputs; output++)
        {
            for (int lane = 0; lane < 16; lane++)
            {
                int at = ((shape.To + output) * 16) + lane;
                if (lane >= samples)
                {
                    Assert.True(float.IsFinite(fixture.Work[at]));
                    continue;
                }

                AssertSameBits(expected[at], fixture.Work[at]);
                if (shape.KeepsPreActivation)
                {
                    int pre = ((shape.PreActivation + output) * 16) + lane;
                    AssertSameBits(expected[pre], fixture.Work[pre]);
                }
            }
        }
    }

    private static void CheckAtWidth(int width, Shape shape)
    {
        switch (width)
        {
            case 16:
                Check<Vec512>(shape);
                break;
            case 8:
                Check<Vec256>(shape);
                break;
            case 4:
                Check<Vec128>(shape);
                break;
            default:
                Check<VecScalar>(shape);
                break;
        }
    }

    private static void Check<V>(Shape shape)
        where V : struct, IVec<V>
    {
        TileFixture fixture = shape.Fixture();
        float[] before = fixture.Work.Span.ToArray();
        Preparation preparation = fixture.Preparation(WeightForm.Tile);
        Dense.Prepare(ref preparation, Shape.ParameterOffset, shape.Inputs, shape.Outputs, Shape.WeightOffset);
        Tile tile = fixture.Tile();
        shape.Forward<V>(ref tile, fixture);
        fixture.AssertGuards();
        AssertReference(shape, fixture);
        AssertOnlyOutputsWritten(shape, before, fixture.Work.Span);

        Shape one = shape with { Lanes = 1 };
        TileFixture single = one.Fixture();
        fixture.Parameters.Span.CopyTo(single.Parameters.Span);
        ReadOnlySpan<float> matrix = fixture.Parameters.Span.Slice(Shape.ParameterOffset, shape.Outputs * shape.Inputs);
        ReadOnlySpan<float> bias = fixture.Parameters.Span.Slice(Shape.ParameterOffset + matrix.Length, shape.Outputs);
        Dense.PackSingle(matrix, bias, shape.Inputs, shape.Outputs, single.Weights.Span[Shape.WeightOffset..]);
        foreach (int lane in (int[])[0, shape.Lanes / 3, shape.Lanes - 1])
        {
            CopyLane(fixture.State.Span, single.State.Span, shape.Lanes, lane);
            before.AsSpan().CopyTo(fixture.Work.Span);
            CopyLane(fixture.Work.Span, single.Work.Span, shape.Lanes, lane);
            shape.Forward<V>(ref tile, fixture);

            Tile singleTile = single.Tile();
            DenseSingle.Forward<V>(ref singleTile, one.Input, Shape.WeightOffset, one.Outputs, one.To, one.Activation, one.PreActivation);
            single.AssertGuards();
            for (int output = 0; output < shape.Outputs; output++)
            {
                AssertSameBits(fixture.Work[((shape.To + output) * shape.Lanes) + lane], single.Work[one.To + output]);
                if (shape.KeepsPreActivation)
                {
                    AssertSameBits(fixture.Work[((shape.PreActivation + output) * shape.Lanes) + lane], single.Work[one.PreActivation + output]);
                }
            }
        }
    }

    private static void CopyLane(ReadOnlySpan<float> from, Span<float> to, int lanes, int lane)
    {
        for (int row = 0; row < to.Length; row++)
        {
            to[row] = from[(row * lanes) + lane];
        }
    }

    private static void AssertSameBits(float expected, float actual) =>
        Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(actual));

    private static void AssertOnlyOutputsWritten(Shape shape, ReadOnlySpan<float> before, ReadOnlySpan<float> after)
    {
        for (int row = 0; row < shape.WorkRows; row++)
        {
            bool isOutput = row >= shape.To && row < shape.To + shape.Outputs;
            bool isPreActivation = shape.KeepsPreActivation && row >= shape.PreActivation && row < shape.PreActivation + shape.Outputs;
            if (!isOutput && !isPreActivation)
            {
                Assert.True(before.Slice(row * shape.Lanes, shape.Lanes).SequenceEqual(after.Slice(row * shape.Lanes, shape.Lanes)));
            }
        }
    }

    private static void AssertReference(Shape shape, TileFixture fixture)
    {
        ReadOnlySpan<float> parameters = fixture.Parameters.Span[Shape.ParameterOffset..];
        for (int lane = 0; lane < shape.Lanes; lane += shape.Lanes > 8 ? 3 : 1)
        {
            for (int output = 0; output < shape.Outputs; output++)
            {
                double sum = parameters[(shape.Outputs * shape.Inputs) + output];
                for (int input = 0; input < shape.Inputs; input++)
                {
                    sum += (double)parameters[(output * shape.Inputs) + input] * shape.Read(fixture, input, lane);
                }

                double tolerance = 1e-6 * (4 + shape.Inputs);
                Assert.Equal(DenseReference.Apply(shape.Activation, sum), fixture.Work[((shape.To + output) * shape.Lanes) + lane], tolerance);
                if (shape.KeepsPreActivation)
                {
                    Assert.Equal(sum, fixture.Work[((shape.PreActivation + output) * shape.Lanes) + lane], tolerance);
                }
            }
        }
    }

    /// <summary>One layer in a tile: inputs after two other rows, outputs after three others, before two more.</summary>
    private sealed record Shape(int Outputs, int Inputs, int Lanes, Activation Activation, bool StateInput, bool KeepsPreActivation = false)
    {
        public const int ParameterOffset = 5;
        public const int WeightOffset = 32;
        private const int InputStart = 2;
        private const int StateStep = 3;

        public Rows Input => StateInput ? Rows.State(InputStart, StateStep, Inputs) : Rows.Work(InputStart, Inputs);

        public int To => InputStart + Inputs + 3;

        public void Forward<V>(ref Tile tile, TileFixture fixture)
            where V : struct, IVec<V> =>
            DenseTile.Forward<V>(ref tile, Input, WeightOffset, Outputs, To, ref fixture.Parameters.Span[ParameterOffset], Activation, PreActivation);

        public int PreActivation => KeepsPreActivation ? To + Padded(Outputs) : -1;

        public int WorkRows => To + (2 * Padded(Outputs)) + 2;

        public TileFixture Fixture() => new(
            Lanes,
            stateRows: InputStart + (StateStep * Inputs),
            WorkRows,
            parameters: ParameterOffset + (Outputs * Inputs) + Outputs + 3,
            prepared: WeightOffset + Dense.PreparedSize(Inputs, Outputs));

        public float Read(TileFixture fixture, int input, int lane) => StateInput
            ? fixture.State[((InputStart + (StateStep * input)) * Lanes) + lane]
            : fixture.Work[((InputStart + input) * Lanes) + lane];

        private static int Padded(int rows) => (rows + 15) / 16 * 16;
    }
}
