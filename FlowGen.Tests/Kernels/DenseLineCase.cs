using FlowGen.Kernels;
using FlowGen.Numerics;
using Xunit;

namespace FlowGen.Tests.Kernels;

/// <summary>Three layers with random weights, computed by the kernel and, one by one in double precision, here.</summary>
internal sealed class DenseLineCase
{
    private const int ParameterOffset = 5;
    private const int WeightOffset = 32;
    private const int To = 2;
    private const int StateRow = 1;

    private readonly int hidden;
    private readonly int second;
    private readonly int outputs;
    private readonly Activation activation;
    private readonly DenseLineShape shape;

    public DenseLineCase(int hidden, int second, int outputs, Activation activation)
    {
        (this.hidden, this.second, this.outputs, this.activation) = (hidden, second, outputs, activation);
        shape = new DenseLineShape(hidden, second, outputs);
        var random = new System.Random((hidden * 1000) + second);
        Parameters = new float[shape.ParameterCount];
        foreach (ref float value in Parameters.AsSpan())
        {
            value = (random.NextSingle() * 2) - 1;
        }
    }

    /// <summary>Weights that have been trouble somewhere.</summary>
    public static IEnumerable<(string Name, Action<DenseLineCase> Change)> SpecialWeights =>
    [
        ("some weights zero", static layers => layers.SetFirst(static (i, w, b) => (i % 3 == 0 ? 0 : i % 3 == 1 ? -0f : w, b))),
        ("all weights zero", static layers => layers.SetFirst(static (_, _, b) => (0, b))),
        ("all zero", static layers => layers.SetFirst(static (_, _, _) => (0, 0))),
        ("no biases", static layers => layers.SetFirst(static (i, w, _) => (w, i % 2 == 0 ? 0 : -0f))),
        ("equal breakpoints", static layers => layers.SetFirst(static (_, w, _) => (w, -0.75f * w))),
        ("two breakpoints", static layers => layers.SetFirst(static (i, w, _) => (w, i % 2 == 0 ? 0.5f * w : -0.25f * w))),
        ("rising, all bend right of zero", static layers => layers.SetFirst(static (_, w, b) => (Math.Abs(w), -Math.Abs(b)))),
        ("rising, all bend left of zero", static layers => layers.SetFirst(static (_, w, b) => (Math.Abs(w), Math.Abs(b)))),
        ("falling, all bend right of zero", static layers => layers.SetFirst(static (_, w, b) => (-Math.Abs(w), Math.Abs(b)))),
        ("falling, all bend left of zero", static layers => layers.SetFirst(static (_, w, b) => (-Math.Abs(w), -Math.Abs(b)))),
        ("breakpoints beyond every number", static layers => layers.SetFirst(static (i, w, b) => (i % 2 == 0 ? 1e-40f * w : w, i % 4 < 3 ? 1e4f * b : b))),
        ("breakpoints far away", static layers => layers.SetFirst(static (i, w, b) => (i % 2 == 0 ? 1e-20f * w : w, b))),
        ("denormal breakpoints", static layers => layers.SetFirst(static (i, w, b) => (w, i % 2 == 0 ? 1e-41f * b : b))),
    ];

    public string Name { get; init; } = "random weights";

    public float[] Parameters { get; }

    /// <summary>What is done to the prepared weights before they are used.</summary>
    public Action<DenseLineShape, Span<float>>? Spoil { get; init; }

    /// <summary>The work rows of the output as the last forward pass found them.</summary>
    public float[] BeforeForward { get; private set; } = [];

    // Without outputs, the second layer is one.
    private int RowCount => outputs == 0 ? second : outputs;

    private double Slope => activation == Activation.Relu ? 0 : VectorMath.LeakySlope;

    public void SetFirst(Func<int, float, float, (float W, float B)> change)
    {
        for (int i = 0; i < hidden; i++)
        {
            (Parameters[i], Parameters[hidden + i]) = change(i, Parameters[i], Parameters[hidden + i]);
        }
    }

    /// <summary>Numbers near and far, at every breakpoint and around it.</summary>
    public float[] Probes()
    {
        var random = new System.Random(7);
        var x = new List<float> { 0, -0f, 1e-45f, -1e-30f, 1, -1, 1e6f, -1e6f, 1e30f, -1e30f };
        for (int i = 0; i < 60; i++)
        {
            x.Add(((random.NextSingle() * 2) - 1) * (i % 3 == 0 ? 10 : 2));
        }

        for (int i = 0; i < hidden; i++)
        {
            float point = -Parameters[hidden + i] / Parameters[i];
            if (float.IsFinite(point) && Math.Abs(point) < 1e30f)
            {
                x.AddRange([point, MathF.BitIncrement(point), MathF.BitDecrement(point), point + 1e-3f]);
            }
        }

        return [.. x];
    }

    /// <summary>Numbers at which no unit is so close to its kink that rounding could take it across.</summary>
    public float[] SmoothProbes(int count)
    {
        var random = new System.Random(11);
        var x = new List<float>();
        for (int tries = 0; x.Count < count; tries++)
        {
            Assert.True(tries < 10_000, $"{this}: no smooth places.");
            float candidate = ((random.NextSingle() * 2) - 1) * (tries % 4 == 0 ? 20 : 2);
            double[] first = First(candidate);
            double[] next = Second(first);
            bool isSmooth = Enumerable.Range(0, hidden).All(i => Parameters[i] == 0 || Math.Abs(first[i]) > 1e-6 * Math.Abs(Parameters[hidden + i]))
                && next.All(static y => Math.Abs(y) > 2e-5);
            if (isSmooth)
            {
                x.Add(candidate);
            }
        }

        return [.. x];
    }

    public float[] Forward(int width, float[] x, int samples = 0)
    {
        var fixture = Fixture(x);
        var tile = fixture.Tile();
        tile.Samples = samples;
        BeforeForward = fixture.Work.Span.Slice(To * x.Length, RowCount * x.Length).ToArray();
        var input = Rows.State(StateRow, 2, 1);
        switch (width)
        {
            case 16: DenseLineForward.Run<Vec512>(ref tile, input, WeightOffset, shape, To, activation); break;
            case 8: DenseLineForward.Run<Vec256>(ref tile, input, WeightOffset, shape, To, activation); break;
            case 4: DenseLineForward.Run<Vec128>(ref tile, input, WeightOffset, shape, To, activation); break;
            case 1: DenseLineForward.Run<VecScalar>(ref tile, input, WeightOffset, shape, To, activation); break;
            default: DenseLine.Forward(ref tile, input, WeightOffset, hidden, second, outputs, To, activation); break;
        }

        fixture.AssertGuards();
        return fixture.Work.Span.Slice(To * x.Length, RowCount * x.Length).ToArray();
    }

    /// <summary>The gradients with everything that was there before taken off, and what came from above.</summary>
    public (double[] Parameters, double[] Input, float[] Upstream) Backward(int width, float[] x)
    {
        var fixture = Fixture(x);
        int sums = ParameterOffset + shape.ParameterCount;
        fixture.Gradient.Span[sums..].Clear();
        double[] before = Array.ConvertAll(fixture.Gradient.Span.Slice(ParameterOffset, shape.ParameterCount).ToArray(), static value => (double)value);
        double[] stateBefore = Array.ConvertAll(fixture.GradState.Span.ToArray(), static value => (double)value);
        float[] upstream = fixture.GradWork.Span.Slice(To * x.Length, RowCount * x.Length).ToArray();
        var tile = fixture.Tile();
        var input = Rows.State(StateRow, 2, 1);
        int start = Dense.Pad(sums);
        switch (width)
        {
            case 16: DenseLineBackward.Run<Vec512>(ref tile, input, WeightOffset, shape, To, ParameterOffset, start, activation); break;
            case 8: DenseLineBackward.Run<Vec256>(ref tile, input, WeightOffset, shape, To, ParameterOffset, start, activation); break;
            case 4: DenseLineBackward.Run<Vec128>(ref tile, input, WeightOffset, shape, To, ParameterOffset, start, activation); break;
            case 1: DenseLineBackward.Run<VecScalar>(ref tile, input, WeightOffset, shape, To, ParameterOffset, start, activation); break;
            default: DenseLine.Backward(ref tile, input, WeightOffset, hidden, second, outputs, To, ParameterOffset, sums, activation); break;
        }

        var finish = new GradientSums { Parameters = fixture.Parameters.Span, Weights = fixture.Weights.Span, Gradient = fixture.Gradient.Span };
        DenseLine.Finish(ref finish, ParameterOffset, hidden, second, outputs, WeightOffset, sums, activation);
        fixture.AssertGuards();
        double[] parameters = new double[shape.ParameterCount];
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i] = fixture.Gradient[ParameterOffset + i] - before[i];
        }

        double[] state = new double[x.Length];
        for (int i = 0; i < fixture.GradState.Length; i++)
        {
            double added = fixture.GradState[i] - stateBefore[i];
            if (i / x.Length == StateRow)
            {
                state[i % x.Length] = added;
            }
            else
            {
                Assert.Equal(0, added);
            }
        }

        return (parameters, state, upstream);
    }

    public void AssertForward(int width, float[] x)
    {
        float[] y = Forward(width, x);
        for (int lane = 0; lane < x.Length; lane++)
        {
            double[] expected = Last(Second(First(x[lane])));
            double size = Size(x[lane]);
            for (int output = 0; output < RowCount; output++)
            {
                float actual = y[(output * x.Length) + lane];
                Assert.True(Math.Abs(actual - expected[output]) <= 1e-7 * size, $"{this}, vectors of {width}: output {output} of {x[lane]} is {actual}, expected {expected[output]}.");
            }
        }
    }

    public void AssertBackward(int width, float[] x)
    {
        var (parameters, input, upstream) = Backward(width, x);
        double[] expected = new double[shape.ParameterCount];
        double largest = 1;
        for (int lane = 0; lane < x.Length; lane++)
        {
            double[] ups = [.. Enumerable.Range(0, RowCount).Select(output => (double)upstream[(output * x.Length) + lane])];
            double byX = AddGradient(x[lane], ups, expected);
            double size = Size(1);
            Assert.True(Math.Abs(input[lane] - byX) <= 2e-6 * size, $"{this}, vectors of {width}: dL/dx of {x[lane]} is {input[lane]}, expected {byX}.");
            largest = Math.Max(largest, Math.Abs(x[lane]));
        }

        // A sum of n terms in single precision, added to a number of the size of 1.
        double tolerance = 1e-7 * (20 + Math.Sqrt(x.Length) * largest * 4);
        for (int i = 0; i < expected.Length; i++)
        {
            double bound = tolerance * (i < shape.SecondWeight || i >= shape.LastWeight ? Math.Sqrt(second + hidden) : 1) * (1 + Math.Abs(expected[i]));
            Assert.True(Math.Abs(parameters[i] - expected[i]) <= bound, $"{this}, vectors of {width}: the gradient of parameter {i} is {parameters[i]}, expected {expected[i]} within {bound}.");
        }
    }

    public override string ToString() => $"1 -> {hidden} -> {second} -> {outputs}, {activation}, {Name}";

    private TileFixture Fixture(float[] x)
    {
        var fixture = new TileFixture(
            x.Length, stateRows: 3, workRows: To + RowCount + 1, parameters: ParameterOffset + shape.ParameterCount + shape.SumCount, prepared: WeightOffset + shape.PreparedSize);
        Parameters.CopyTo(fixture.Parameters.Span[ParameterOffset..]);
        x.CopyTo(fixture.State.Span[(StateRow * x.Length)..]);
        var preparation = fixture.Preparation(WeightForm.Tile);
        DenseLine.Prepare(ref preparation, ParameterOffset, hidden, second, outputs, WeightOffset, activation);
        Spoil?.Invoke(shape, fixture.Weights.Span[WeightOffset..]);
        return fixture;
    }

    private double[] First(double x) => [.. Enumerable.Range(0, hidden).Select(i => (Parameters[i] * x) + Parameters[hidden + i])];

    private double[] Second(double[] first) => [.. Enumerable.Range(0, second).Select(o =>
        Parameters[shape.SecondBias + o] + Enumerable.Range(0, hidden).Sum(i => Parameters[shape.SecondWeight + (o * hidden) + i] * Act(first[i])))];

    private double[] Last(double[] next) => outputs == 0 ? [.. next.Select(Act)] : [.. Enumerable.Range(0, outputs).Select(o =>
        Parameters[shape.LastBias + o] + Enumerable.Range(0, second).Sum(k => Parameters[shape.LastWeight + (o * second) + k] * Act(next[k])))];

    /// <summary>What rounding errors are relative to: the sum of the magnitudes of all terms.</summary>
    private double Size(double x)
    {
        double[] first = [.. Enumerable.Range(0, hidden).Select(i => Math.Abs(Parameters[i] * x) + Math.Abs(Parameters[hidden + i]))];
        double[] next = [.. Enumerable.Range(0, second).Select(o =>
            Math.Abs(Parameters[shape.SecondBias + o]) + Enumerable.Range(0, hidden).Sum(i => Math.Abs(Parameters[shape.SecondWeight + (o * hidden) + i]) * first[i]))];
        return outputs == 0 ? next.Max() : Enumerable.Range(0, outputs).Max(o =>
            Math.Abs(Parameters[shape.LastBias + o]) + Enumerable.Range(0, second).Sum(k => Math.Abs(Parameters[shape.LastWeight + (o * second) + k]) * next[k]));
    }

    private double AddGradient(double x, double[] upstream, double[] gradient)
    {
        double[] first = First(x);
        double[] next = Second(first);
        double byX = 0;
        for (int o = 0; o < outputs; o++)
        {
            gradient[shape.LastBias + o] += upstream[o];
            for (int k = 0; k < second; k++)
            {
                gradient[shape.LastWeight + (o * second) + k] += upstream[o] * Act(next[k]);
            }
        }

        double[] bySecond = outputs == 0 ? upstream : [.. Enumerable.Range(0, second).Select(k =>
            Derivative(next[k]) * Enumerable.Range(0, outputs).Sum(o => upstream[o] * Parameters[shape.LastWeight + (o * second) + k]))];
        for (int i = 0; i < hidden; i++)
        {
            double byFirst = 0;
            for (int k = 0; k < second; k++)
            {
                gradient[shape.SecondWeight + (k * hidden) + i] += bySecond[k] * Act(first[i]);
                byFirst += bySecond[k] * Parameters[shape.SecondWeight + (k * hidden) + i];
            }

            byFirst *= Derivative(first[i]);
            gradient[i] += byFirst * x;
            gradient[hidden + i] += byFirst;
            byX += byFirst * Parameters[i];
        }

        for (int k = 0; k < second; k++)
        {
            gradient[shape.SecondBias + k] += bySecond[k];
        }

        return byX;
    }

    private double Act(double x) => x > 0 ? x : Slope * x;

    private double Derivative(double x) => x > 0 ? 1 : Slope;
}
