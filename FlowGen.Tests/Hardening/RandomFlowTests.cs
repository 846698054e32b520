using System.Globalization;
using System.Text;
using CsCheck;
using FlowGen.Kernels;
using FlowGen.Tests.Flows;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Hardening;

/// <summary>
/// Flows that nobody chose, on inputs that nobody should have: what a sample gets is right or no number, and does not depend on what its neighbours are.
/// </summary>
public sealed class RandomFlowTests
{
    /// <summary>Set to another number to try other flows, weights and inputs.</summary>
    private const string Seed = "FLOWGEN_TESTS_SEED";

    private const int Vectors = 40;
    private const int Images = 24;
    private const int Flows = Vectors + Images;

    private static readonly string[] Partitions = ["EvenIndices", "OddIndices", "FirstHalf", "SecondHalf", "Alternate"];
    private static readonly string[] Activations = ["Relu", "LeakyRelu", "Elu", "Tanh", "Sigmoid", "Softplus", "Silu", "Gelu", "Identity"];
    private static readonly string[] Scales = ["TanhBounded", "Exp", "Sigmoid", "Sigmoid, ScaleFloor = 0.1"];
    private static readonly string[] Forms = ["ScaleThenShift", "ShiftThenScale"];

    private static readonly int First = int.Parse(Environment.GetEnvironmentVariable(Seed) ?? "0", CultureInfo.InvariantCulture);

    private static readonly Lazy<IReadOnlyList<FlowCase>> Cases = new(static () =>
    {
        var random = new PCG(1, (ulong)First + 45);
        return
        [
            .. Enumerable.Range(0, Vectors).Select(number => Declaration(number).Generate(random, null, out _)),
            .. Enumerable.Range(0, Images).Select(static number => RandomImages.Declare(number, (ulong)First)),
        ];
    });

    private static readonly Lazy<System.Reflection.Assembly> Compiled = new(static () => FlowCompiler.Compile(Source(), $"RandomFlows{First}"));

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Flows)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_sample_gets_what_it_gets_alone(int number)
    {
        var flow = Create(number);
        float[] x = Inputs(number, (2 * TileGeometry.TileLanes) + TileGeometry.Width + 3);
        FlowResults.OneByOne(flow, x).AssertIdentical(new FlowResults(flow, x), Cases.Value[number].Declaration);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Each_sample_gets_the_right_answer_or_none(int number)
    {
        var flow = Create(number);
        int size = Cases.Value[number].Size;
        float[] x = Inputs(number, 60);
        var results = new FlowResults(flow, x);
        var reference = new ReferenceInterpreter(flow.Engine.Description, flow.Parameters);
        for (int row = 0; row < results.Count; row++)
        {
            float[] input = x[(row * size)..((row + 1) * size)];

            // The reference has room for what overflows here.
            if (input.Any(static value => Math.Abs(value) is > 1e30f and < float.PositiveInfinity))
            {
                continue;
            }

            double[] z = Array.ConvertAll(input, static value => (double)value);
            double logDet = reference.Forward(z, 0, reference.Layers);
            double logProb = logDet + reference.PriorLogProb(z);
            string where = $"{string.Join(", ", input)} in {Cases.Value[number].Declaration}";
            for (int i = 0; i < size; i++)
            {
                ExtremeInputTests.AssertRight(z[i], results.Z[(row * size) + i], $"z[{i}] of {where}", z);
            }

            ExtremeInputTests.AssertRight(logDet, results.LogDet[row], $"log-det of {where}", [logDet]);
            ExtremeInputTests.AssertRight(logProb, results.LogProb[row], $"log p of {where}", [logProb]);
            if (input.Any(float.IsNaN))
            {
                Assert.True(float.IsNaN(results.LogProb[row]), $"log p of {where} is {results.LogProb[row]}.");
            }

            if (IsOrdinary(reference, input))
            {
                Assert.True(float.IsFinite(results.LogProb[row]), $"log p of {where} is {results.LogProb[row]}, not {logProb}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Gradients_are_numbers_or_the_loss_is_none(int number)
    {
        var flow = Create(number);
        int size = Cases.Value[number].Size;
        float[] x = Inputs(number, 20);
        var reference = new ReferenceInterpreter(flow.Engine.Description, flow.Parameters);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        for (int row = 0; row < 20; row++)
        {
            bool ordinary = IsOrdinary(reference, x[(row * size)..((row + 1) * size)]);
            foreach (var mode in (MemoryMode[])[MemoryMode.Stored, MemoryMode.Recompute])
            {
                double loss = flow.LossGradient(x.AsSpan(row * size, size), gradient, new GradientOptions { Memory = mode });
                Assert.True(!ordinary || (double.IsFinite(loss) && gradient.All(float.IsFinite)), $"{mode}: loss {loss} at an ordinary sample of {Cases.Value[number].Declaration}");
                Assert.True(!x.AsSpan(row * size, size).ToArray().Any(float.IsNaN) || !double.IsFinite(loss), $"{mode}: loss {loss} at a sample that is not a number");
            }
        }
    }

    private static IFlow Create(int number) =>
        FlowFixture.Scramble((IFlow)Activator.CreateInstance(Compiled.Value.GetType($"RandomFlows.F{number}", throwOnError: true)!, (ulong)number)!, seed: First + number);

    /// <summary>Whether a sample stays, layer after layer, within what single precision holds with room to spare: scales may be exponentials of anything.</summary>
    internal static bool IsOrdinary(ReferenceInterpreter reference, float[] input)
    {
        double[] state = Array.ConvertAll(input, static value => (double)value);
        for (int layer = 0; layer < reference.Layers; layer++)
        {
            if (!state.All(static value => Math.Abs(value) < 1e4) || !(Math.Abs(reference.Forward(state, layer, layer + 1)) < 1e4))
            {
                return false;
            }
        }

        return state.All(static value => Math.Abs(value) < 1e4);
    }

    [Fact]
    public void Most_samples_are_ordinary()
    {
        int ordinary = 0;
        for (int number = 0; number < Flows; number++)
        {
            var flow = Create(number);
            var reference = new ReferenceInterpreter(flow.Engine.Description, flow.Parameters);
            ordinary += Inputs(number, 60).Chunk(Cases.Value[number].Size).Count(input => IsOrdinary(reference, input));
        }

        Assert.InRange(ordinary, Flows * 60 / 2, Flows * 60);
    }

    /// <summary>Three rows in four are ordinary; the others have extreme elements.</summary>
    private static float[] Inputs(int number, int count)
    {
        int size = Cases.Value[number].Size;
        float[] x = Cases.Value[number].Samples(count, seed: First + number);
        var element = Gen.Frequency(
            (2, Gen.OneOfConst(0f, -0f, 1e-45f, -1e-45f, -3e-39f, 1.17549435e-38f)),
            (2, Gen.OneOfConst(20f, -20f, 1e3f, -1e3f, 1e10f, -1e19f)),
            (1, Gen.OneOfConst(1e30f, -1e30f, float.MaxValue, float.MinValue)),
            (1, Gen.OneOfConst(float.PositiveInfinity, float.NegativeInfinity)),
            (1, Gen.Const(float.NaN)),
            (2, Gen.Float));
        var random = new PCG(2, (ulong)(First + number));
        for (int row = 0; row < count; row++)
        {
            if (random.Next(4) == 0)
            {
                for (uint elements = 1 + random.Next((uint)size); elements > 0; elements--)
                {
                    x[(row * size) + random.Next((uint)size)] = element.Generate(random, null, out _);
                }
            }
        }

        return x;
    }

    private static Gen<FlowCase> Declaration(int number)
    {
        var choice = Gen.Int[0, 1_000_000];
        var coupling = Gen.Select(choice.Array[7], Gen.Int[1, 20].Array[0, 3]).Select(static (options, hidden) =>
        {
            string widths = string.Concat(hidden.Select(static width => $"{width}, "));
            string common = $"{widths}Transforms = Partition.{Pick(Partitions, options[0])}, Activation = Activation.{Pick(Activations, options[1])}";
            return options[2] % 3 == 0
                ? $"AdditiveCoupling({common})"
                : $"AffineCoupling({common}, Scale = ScaleFunction.{Pick(Scales, options[3])}, Form = AffineForm.{Pick(Forms, options[4])})";
        });
        var layer = Gen.Frequency(
            (5, coupling),
            (1, Gen.OneOfConst("ActNorm", "Rescale", "SinhArcsinh", "BatchNorm", "Standardize", "InvertibleLinear")),
            (1, Gen.Int[0, 99].Select(static seed => $"Shuffle({seed})")),
            (1, Gen.OneOfConst("Reverse", "ActNorm(Times = 2)", "Elementwise(Activation.LeakyRelu)", "MintPair(Paths = 2)", "MintLayer(Triangle.Lower, Paths = 3, Activation = Activation.Tanh)")));
        return Gen.Select(Gen.Int[2, 40], layer.Array[1, 8], Gen.OneOfConst(FlowData.Real, FlowData.Real, FlowData.Real, FlowData.Unit), Gen.Bool).Select((size, layers, data, logistic) =>
        {
            // One fold of slope 0.01 leaves digits enough to come back from.
            var kept = layers.Where((text, i) => !text.StartsWith("Elementwise", StringComparison.Ordinal) || Array.IndexOf(layers, text) == i);
            kept = kept.Select(text => number % 2 == 1 && size <= 16 && text.StartsWith("Mint", StringComparison.Ordinal) ? "Sum<LowerMint, Bent>(0.5, 0.75)" : text);
            string[] all = data == FlowData.Unit ? ["Logit(0.05)", .. kept] : [.. kept];
            return new FlowCase($"{number}", size, data, $"[{string.Join(", ", all)}]") { FlowOptions = logistic ? ", Prior = Prior.StandardLogistic" : "" };
        });
    }

    private static string Pick(string[] from, int choice) => from[choice % from.Length];

    private static string Source()
    {
        var text = new StringBuilder("using FlowGen;\nnamespace RandomFlows;\n#pragma warning disable\n").Append(FlowZoo.SumSteps);
        for (int i = 0; i < Flows; i++)
        {
            var flow = Cases.Value[i];
            text.Append(CultureInfo.InvariantCulture, $"[Flow({flow.Shape}{flow.FlowOptions})]\n{flow.Declaration}\npublic sealed partial class F{i};\n");
        }

        return text.ToString();
    }
}
