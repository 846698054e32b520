using FlowGen.Numerics;
using Xunit;

namespace FlowGen.Tests.Training;

public sealed class OptimizerTests
{
    public static TheoryData<int> Lengths() => [1, 2, 7, 15, 16, 17, 31, 33, 64, 100];

    public static TheoryData<string> Kinds() => ["Adam", "AmsGrad", "AdamW", "AmsGradW", "Adamax"];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Adam_follows_the_reference(int length) =>
        Follow(length, new Adam { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3, WeightDecay = 0.1 }, (reference, p, g, rate) => reference.Adam(p, g, rate, 0.8, 0.95, 1e-3, 0.1, 0, amsGrad: false));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AmsGrad_follows_the_reference(int length) =>
        Follow(length, new Adam { Beta2 = 0.5, AmsGrad = true }, (reference, p, g, rate) => reference.Adam(p, g, rate, 0.9, 0.5, 1e-8, 0, 0, amsGrad: true));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void AdamW_decays_apart_from_the_gradient(int length) =>
        Follow(length, new AdamW { WeightDecay = 0.3 }, (reference, p, g, rate) => reference.Adam(p, g, rate, 0.9, 0.999, 1e-8, 0, 0.3, amsGrad: false));

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Adamax_follows_the_reference(int length) =>
        Follow(length, new Adamax { Beta2 = 0.9, Epsilon = 0.05, WeightDecay = 0.1 }, (reference, p, g, rate) => reference.Adamax(p, g, rate, 0.9, 0.9, 0.05, 0.1));

    [Fact]
    public void Adam_takes_the_values_of_PyTorch()
    {
        // Two steps by hand: g = 0.5, then g = -1, from p = 1 with rate 0.1; torch.optim.Adam gives 0.9 and 0.93661...
        float[] p = [1];
        var adam = new Adam { LearningRate = 0.1 };
        adam.Step(p, [0.5f]);
        Assert.Equal(0.9, p[0], 1e-6);
        adam.Step(p, [-1f]);
        double m = ((0.9 * 0.05) - 0.1) / (1 - 0.81);
        double v = ((0.999 * 0.00025) + 0.001) / (1 - (0.999 * 0.999));
        Assert.Equal(0.9 - (0.1 * m / Math.Sqrt(v)), p[0], 1e-6);
    }

    [Fact]
    public void Parameters_without_gradient_stay()
    {
        foreach (string kind in Kinds().Select(static row => row.Data))
        {
            float[] p = [3, -2];
            var optimizer = Create(kind, decay: 0);
            optimizer.Step(p, new float[2]);
            optimizer.Step(p, new float[2]);
            Assert.Equal([3f, -2f], p);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parts_in_any_order_give_the_bits_of_one_pass(string kind)
    {
        const int Length = 1000;
        float[] whole = Numbers(Length, 1);
        float[] parts = [.. whole];
        var one = Create(kind, 0.01);
        var many = Create(kind, 0.01);
        int[] cuts = [0, 3, 16, 129, 500, 777, Length];
        for (int step = 0; step < 5; step++)
        {
            float[] g = Numbers(Length, 100 + step);
            one.BeginStep(Length, 0.01, 0.37);
            one.UpdatePart(whole, g, 0);
            many.BeginStep(Length, 0.01, 0.37);
            for (int i = cuts.Length - 2; i >= 0; i--)
            {
                many.UpdatePart(parts.AsSpan(cuts[i]..cuts[i + 1]), g.AsSpan(cuts[i]..cuts[i + 1]), cuts[i]);
            }
        }

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        const int Length = 64;
        float[] expected = Moved<VecScalar>();
        Assert.Equal(expected, Moved<Vec128>());
        Assert.Equal(expected, Moved<Vec256>());
        Assert.Equal(expected, Moved<Vec512>());

        static float[] Moved<TVec>()
            where TVec : struct, IVec<TVec>
        {
            float[] p = Numbers(Length, 1);
            float[] m = Numbers(Length, 2);
            float[] v = [.. Numbers(Length, 3).Select(MathF.Abs)];
            float[] most = [.. Numbers(Length, 4).Select(MathF.Abs)];
            var constants = new AdamKernel.Constants(0.01, 0.7, 5, 0.9, 0.99, 1e-8, 0.1, 0.01);
            Assert.Equal(Length, AdamKernel.Run<TVec>(p, Numbers(Length, 6), m, v, most, constants, 0));
            return [.. p, .. m, .. v, .. most];
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_restored_state_continues_to_the_last_bit(string kind)
    {
        float[] p = Numbers(37, 1);
        var optimizer = Create(kind, 0.01);
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step(p, Numbers(37, 10 + step));
        }

        float[] q = [.. p];
        var resumed = Create(kind, 0.01);
        resumed.RestoreState(optimizer.SaveState());
        for (int step = 3; step < 6; step++)
        {
            optimizer.Step(p, Numbers(37, 10 + step));
            resumed.Step(q, Numbers(37, 10 + step));
        }

        Assert.Equal(6, resumed.Steps);
        Assert.Equal(p, q);
    }

    /// <summary>Steps over so many parameters are shared between threads.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_large_step_is_that_of_its_parts(string kind)
    {
        const int Length = OptimizerStep.WorthSharing + 12345;
        const int Cut = 70_001;
        float[] whole = Numbers(Length, 1);
        var optimizer = Create(kind, 0.01);
        float[][] parts = [whole[..Cut], whole[Cut..]];
        Optimizer[] others = [Create(kind, 0.01), Create(kind, 0.01)];
        for (int step = 0; step < 3; step++)
        {
            float[] gradient = Numbers(Length, 10 + step);
            optimizer.Step(whole, gradient);
            others[0].Step(parts[0], gradient.AsSpan(0, Cut));
            others[1].Step(parts[1], gradient.AsSpan(Cut));
        }

        Assert.Equal([.. parts[0], .. parts[1]], whole);
    }

    [Fact]
    public void A_saved_state_does_not_follow_later_steps()
    {
        float[] p = [1];
        var adam = new Adam();
        adam.Step(p, [1f]);
        var state = adam.SaveState();
        float before = state.Vectors["m"].Span[0];
        adam.Step(p, [5f]);
        Assert.Equal(before, state.Vectors["m"].Span[0]);
        Assert.Equal(1, state.Steps);
    }

    [Fact]
    public void States_of_other_optimizers_are_refused()
    {
        float[] p = [1, 2];
        var adam = new Adam();
        adam.Step(p, [1f, 1f]);
        var wrongKind = Assert.Throws<ArgumentException>(() => new Adamax().RestoreState(adam.SaveState()));
        Assert.Contains("Adamax", wrongKind.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<ArgumentException>(() => new Adam { AmsGrad = true }.RestoreState(adam.SaveState()));
        Assert.Contains("v_max", missing.Message, StringComparison.Ordinal);
        var lengths = new Dictionary<string, ReadOnlyMemory<float>> { ["m"] = new float[2], ["v"] = new float[3] };
        Assert.Throws<ArgumentException>(() => new Adam().RestoreState(new OptimizerState("Adam", 1, lengths)));
    }

    [Fact]
    public void A_copy_has_the_settings_and_no_state()
    {
        float[] p = [1];
        var used = new AdamW { LearningRate = 0.2, AmsGrad = true, WeightDecay = 0.5 };
        used.Step(p, [1f]);
        var copy = used.CopySettings();
        Assert.Equal(used.ToString(), copy.ToString());
        Assert.Equal(0, copy.Steps);
        float[] fresh = [1];
        float[] copied = [1];
        new AdamW { LearningRate = 0.2, AmsGrad = true, WeightDecay = 0.5 }.Step(fresh, [1f]);
        copy.Step(copied, [1f]);
        Assert.Equal(fresh, copied);
        Assert.Equal(1, used.Steps);
    }

    [Fact]
    public void Wrong_arguments_name_what_was_expected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { LearningRate = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { Beta1 = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { Beta2 = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW { WeightDecay = double.PositiveInfinity });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adamax { Epsilon = 0 });
        Assert.Throws<ArgumentException>(() => new Adam().Step(new float[2], new float[3]));
        var adam = new Adam();
        adam.Step(new float[2], new float[2]);
        var changed = Assert.Throws<ArgumentException>(() => adam.Step(new float[3], new float[3]));
        Assert.Contains("2", changed.Message, StringComparison.Ordinal);
        Assert.Contains("3", changed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_of_squares_are_those_of_double_precision(int length)
    {
        float[] values = Numbers(length, 5);
        double expected = values.Sum(static value => (double)value * value);
        Assert.Equal(expected, GradientNorm.SumOfSquares(values), expected * 1e-14);
        values[length - 1] = float.NaN;
        Assert.False(double.IsFinite(GradientNorm.SumOfSquares(values)));
        values[length - 1] = float.MaxValue;
        Assert.True(double.IsFinite(GradientNorm.SumOfSquares(values)));
    }

    [Fact]
    public void The_weight_average_follows_its_recurrence()
    {
        var average = new WeightAverage(0.6, Numbers(21, 1));
        double[] expected = [.. Numbers(21, 1).Select(static value => (double)value)];
        for (int step = 1; step < 12; step++)
        {
            float[] weights = Numbers(21, 50 + step);
            average.BeginStep(step);
            average.UpdatePart(weights.AsSpan(0, 10), 0);
            average.UpdatePart(weights.AsSpan(10), 10);
            double decay = Math.Min(0.6, (1.0 + step) / (10.0 + step));
            for (int i = 0; i < expected.Length; i++)
            {
                expected[i] = (decay * expected[i]) + ((1 - decay) * weights[i]);
            }
        }

        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], average.Values[i], 1e-6);
        }
    }

    internal static float[] Numbers(int count, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }

    internal static Optimizer Create(string kind, double decay) => kind switch
    {
        "Adam" => new Adam { LearningRate = 0.01, WeightDecay = decay },
        "AmsGrad" => new Adam { LearningRate = 0.01, WeightDecay = decay, AmsGrad = true },
        "AdamW" => new AdamW { LearningRate = 0.01, WeightDecay = decay },
        "AmsGradW" => new AdamW { LearningRate = 0.01, WeightDecay = decay, AmsGrad = true },
        _ => new Adamax { LearningRate = 0.01, WeightDecay = decay },
    };

    private static void Follow(int length, Optimizer optimizer, Action<OptimizerReference, double[], float[], double> reference)
    {
        var expected = new OptimizerReference(length);
        float[] p = Numbers(length, 3);
        double[] q = [.. p.Select(static value => (double)value)];
        for (int step = 0; step < 20; step++)
        {
            float[] g = Numbers(length, 1000 + step);
            double rate = step < 10 ? 0.02 : 0.005;
            optimizer.Step(p, g, rate);
            reference(expected, q, g, rate);
        }

        for (int i = 0; i < length; i++)
        {
            Assert.Equal(q[i], p[i], 5e-6);
        }
    }
}
