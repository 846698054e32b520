using FlowGen.Kernels;
using FlowGen.Numerics;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Kernels;

public sealed class DenseBackwardTests
{
    private static readonly int[] Sizes = [1, 2, 3, 5, 6, 7, 8, 16, 17, 64, 65, 100];

    public static TheoryData<int> Widths => [.. TestProcess.Lanes];

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryShape_EqualsTheReference(int width)
    {
        foreach (int outputs in Sizes)
        {
            foreach (int inputs in Sizes)
            {
                CheckAtWidth(width, new Shape(outputs, inputs, 2 * width, Activation.Relu, StateInput: false));
                CheckAtWidth(width, new Shape(outputs, inputs, 3 * width, Activation.Identity, StateInput: true));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void EveryTileWidth_EqualsTheReference(int width)
    {
        foreach (int lanes in (int[])[width, 2 * width, 3 * width, 4 * width, 5 * width, 7 * width, 256])
        {
            CheckAtWidth(width, new Shape(17, 30, lanes, Activation.Relu, StateInput: false));
            CheckAtWidth(width, new Shape(64, 2, lanes, Activation.Identity, StateInput: true));
            CheckAtWidth(width, new Shape(2, 64, lanes, Activation.Relu, StateInput: false));
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void EveryActivation_IsDifferentiated(Activation activation)
    {
        foreach (int width in (int[])[16, 8, 4, 1])
        {
            CheckAtWidth(width, new Shape(7, 17, 2 * width, activation, StateInput: false));
            CheckAtWidth(width, new Shape(7, 17, 2 * width, activation, StateInput: false, Accumulates: true));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void WideLayers_EqualTheReference(int width)
    {
        CheckAtWidth(width, new Shape(20, 784, 4 * width, Activation.Relu, StateInput: false));
        CheckAtWidth(width, new Shape(300, 512, 4 * width, Activation.Identity, StateInput: false));
    }

    [Fact]
    public void PublicEntry_TakesThePathOfTheHardware()
    {
        foreach (int lanes in (int[])[16, 64, 256, 7])
        {
            Shape shape = new(31, 64, lanes, Activation.Relu, StateInput: false);
            TileFixture fixture = shape.Fixture();
            Expected expected = new(shape, fixture);
            Preparation preparation = fixture.Preparation(WeightForm.Tile);
            Dense.Prepare(ref preparation, Shape.ParameterOffset, shape.Inputs, shape.Outputs, Shape.WeightOffset);
            Tile tile = fixture.Tile();
            Dense.Backward(ref tile, shape.Input, Shape.WeightOffset, shape.Outputs, shape.From, Shape.ParameterOffset, shape.Activation);
            expected.Verify(fixture);
        }
    }

    /// <summary>Large matrices are multiplied in runs of rows: every element is still one chain over all of them.</summary>
    [Theory]
    [MemberData(nameof(Widths))]
    public void RunsOfRows_EqualTheReferenceAndOneChain(int width)
    {
        Assert.True(DenseTransposed.HasRuns(33, 1000));
        Assert.False(DenseTransposed.HasRuns(32, 1 << 20) || DenseTransposed.HasRuns(128, 256));
        foreach (int vectors in (int[])[1, 2, 3, 4, 5])
        {
            CheckAtWidth(width, new Shape(67, 529, vectors * width, Activation.Relu, StateInput: false));
        }

        CheckAtWidth(width, new Shape(130, 1024, 4 * width, Activation.Tanh, StateInput: false));
        CheckAtWidth(width, new Shape(97, 514, 2 * width, Activation.Identity, StateInput: true));
        CheckAtWidth(width, new Shape(97, 514, 2 * width, Activation.Identity, StateInput: false, Accumulates: true));
        CheckAtWidth(width, new Shape(65, 999, width, Activation.Gelu, StateInput: false));

        var random = new System.Random(width);
        const int Rows = 100;
        const int Columns = 600;
        int lanes = 4 * width;
        float[] matrix = Numbers(Rows * Columns);
        float[] right = Numbers(Rows * lanes);
        float[] result = new float[Columns * lanes];
        switch (width)
        {
            case 16:
                DenseTransposed.Multiply<Vec512>(ref matrix[0], Rows, Columns, ref right[0], lanes, ref result[0]);
                break;
            case 8:
                DenseTransposed.Multiply<Vec256>(ref matrix[0], Rows, Columns, ref right[0], lanes, ref result[0]);
                break;
            case 4:
                DenseTransposed.Multiply<Vec128>(ref matrix[0], Rows, Columns, ref right[0], lanes, ref result[0]);
                break;
            default:
                DenseTransposed.Multiply<VecScalar>(ref matrix[0], Rows, Columns, ref right[0], lanes, ref result[0]);
                break;
        }

        for (int i = 0; i < result.Length; i++)
        {
            var chain = VecScalar.Zero;
            for (int row = 0; row < Rows; row++)
            {
                VecScalar.Accumulate(ref chain, VecScalar.Create(matrix[(row * Columns) + (i / lanes)]), VecScalar.Create(right[(row * lanes) + (i % lanes)]));
            }

            Assert.Equal(BitConverter.SingleToInt32Bits(VecScalar.Sum(chain)), BitConverter.SingleToInt32Bits(result[i]));
        }

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void SameTileTwice_GivesTheSameBits(int width)
    {
        Shape shape = new(65, 33, 4 * width, Activation.Relu, StateInput: false);
        float[] first = Gradient();
        Assert.True(first.AsSpan().SequenceEqual(Gradient()));

        float[] Gradient()
        {
            TileFixture fixture = shape.Fixture();
            RunAtWidth(width, shape, fixture);
            return [.. fixture.Gradient.Span, .. fixture.GradWork.Span];
        }
    }

    private static void CheckAtWidth(int width, Shape shape)
    {
        TileFixture fixture = shape.Fixture();
        Expected expected = new(shape, fixture);
        RunAtWidth(width, shape, fixture);
        expected.Verify(fixture);
    }

    private static void RunAtWidth(int width, Shape shape, TileFixture fixture)
    {
        Preparation preparation = fixture.Preparation(WeightForm.Tile);
        Dense.Prepare(ref preparation, Shape.ParameterOffset, shape.Inputs, shape.Outputs, Shape.WeightOffset);
        switch (width)
        {
            case 16:
                Run<Vec512>(shape, fixture);
                break;
            case 8:
                Run<Vec256>(shape, fixture);
                break;
            case 4:
                Run<Vec128>(shape, fixture);
                break;
            default:
                Run<VecScalar>(shape, fixture);
                break;
        }
    }

    private static void Run<V>(Shape shape, TileFixture fixture)
        where V : struct, IVec<V>
    {
        Tile tile = fixture.Tile();
        DenseTile.Backward<V>(
            ref tile, shape.Input, Shape.WeightOffset, shape.Outputs, shape.From, Shape.ParameterOffset, shape.Activation, shape.PreActivation, shape.Accumulates);
    }

    /// <summary>One layer in a tile: its input, the input of the activation before it, its output.</summary>
    private sealed record Shape(int Outputs, int Inputs, int Lanes, Activation Activation, bool StateInput, bool Accumulates = false)
    {
        public const int ParameterOffset = 5;
        public const int WeightOffset = 32;
        private const int StateStep = 2;

        public int InputStart => 1;

        public Rows Input => StateInput ? Rows.State(InputStart, StateStep, Inputs) : Rows.Work(InputStart, Inputs);

        public bool NeedsPreActivation => Activation is Activation.Silu or Activation.Gelu;

        public int PreActivationStart => InputStart + Inputs;

        public int PreActivation => NeedsPreActivation ? PreActivationStart : -1;

        public int From => PreActivationStart + Inputs + 1;

        public int InputRow(int input) => StateInput ? InputStart + (StateStep * input) : InputStart + input;

        public TileFixture Fixture()
        {
            TileFixture fixture = new(
                Lanes,
                stateRows: InputStart + (StateStep * Inputs),
                workRows: From + Outputs + 2,
                parameters: ParameterOffset + (Outputs * Inputs) + Outputs + 3,
                prepared: WeightOffset + Dense.PreparedSize(Inputs, Outputs),
                turned: Lanes * (((Inputs + 15) / 16 * 16) + 16));

            // Work input rows hold activations of what the rows behind them hold.
            for (int i = 0; i < Inputs * Lanes; i++)
            {
                ref float argument = ref fixture.Work.Span[(PreActivationStart * Lanes) + i];
                argument *= 3;
                fixture.Work.Span[(InputStart * Lanes) + i] = (float)DenseReference.Apply(Activation, argument);
            }

            return fixture;
        }
    }

    /// <summary>What every block must hold afterwards, in double precision.</summary>
    private sealed class Expected
    {
        private readonly double[] gradient;
        private readonly double[] gradWork;
        private readonly double[] gradState;
        private readonly Shape shape;

        public Expected(Shape shape, TileFixture before)
        {
            this.shape = shape;
            gradient = ToDouble(before.Gradient.Span);
            gradWork = ToDouble(before.GradWork.Span);
            gradState = ToDouble(before.GradState.Span);
            int lanes = shape.Lanes;
            for (int lane = 0; lane < lanes; lane++)
            {
                for (int output = 0; output < shape.Outputs; output++)
                {
                    double upstream = before.GradWork[((shape.From + output) * lanes) + lane];
                    gradient[Shape.ParameterOffset + (shape.Outputs * shape.Inputs) + output] += upstream;
                    for (int input = 0; input < shape.Inputs; input++)
                    {
                        int at = (shape.InputRow(input) * lanes) + lane;
                        gradient[Shape.ParameterOffset + (output * shape.Inputs) + input] += upstream * (shape.StateInput ? before.State[at] : before.Work[at]);
                    }
                }

                for (int input = 0; input < shape.Inputs; input++)
                {
                    double sum = 0;
                    for (int output = 0; output < shape.Outputs; output++)
                    {
                        sum += (double)before.GradWork[((shape.From + output) * lanes) + lane] * before.Parameters[Shape.ParameterOffset + (output * shape.Inputs) + input];
                    }

                    int at = (shape.InputRow(input) * lanes) + lane;
                    if (shape.StateInput)
                    {
                        gradState[at] += sum;
                    }
                    else
                    {
                        double argument = before.Work[((shape.PreActivationStart + input) * lanes) + lane];
                        gradWork[at] = (sum + (shape.Accumulates ? gradWork[at] : 0)) * DenseReference.Derivative(shape.Activation, argument);
                    }
                }
            }
        }

        public void Verify(TileFixture fixture)
        {
            fixture.AssertGuards();
            AssertClose(gradient, fixture.Gradient.Span, 1e-6 * (8 + (3 * shape.Lanes)));
            AssertClose(gradWork, fixture.GradWork.Span, 1e-6 * (8 + shape.Outputs));
            AssertClose(gradState, fixture.GradState.Span, 1e-6 * (8 + shape.Outputs));
        }

        private static double[] ToDouble(ReadOnlySpan<float> values)
        {
            double[] result = new double[values.Length];
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = values[i];
            }

            return result;
        }

        private void AssertClose(double[] expected, ReadOnlySpan<float> actual, double tolerance)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                {
                    Assert.Fail($"{shape}: element {i} is {actual[i]}, expected {expected[i]}.");
                }
            }
        }
    }
}
