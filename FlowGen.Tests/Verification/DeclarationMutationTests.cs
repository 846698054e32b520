using System.Globalization;
using System.Reflection;
using System.Text;
using FlowGen.Tests.Flows;
using Xunit;
using static FlowGen.VerificationCheck;

namespace FlowGen.Tests.Verification;

/// <summary>A generated program under the description of another declaration with the same tensors must be found out, whatever differs.</summary>
public sealed class DeclarationMutationTests
{
    private static readonly (string Right, string Wrong)[] Pairs =
    [
        ("AffineCoupling(8, Transforms = Partition.EvenIndices)", "AffineCoupling(8, Transforms = Partition.OddIndices)"),
        ("AffineCoupling(8, Transforms = Partition.FirstHalf)", "AffineCoupling(8, Transforms = Partition.SecondHalf)"),
        ("AffineCoupling(8, Transforms = Partition.EvenIndices)", "AffineCoupling(8, Transforms = Partition.FirstHalf)"),
        ("AffineCoupling(8, Times = 4)", "AffineCoupling(8, Transforms = Partition.EvenIndices), AffineCoupling(8, Times = 3)"),
        ("AdditiveCoupling(8, Transforms = Partition.EvenIndices)", "AdditiveCoupling(8, Transforms = Partition.OddIndices)"),
        ("AffineCoupling(8, Activation = Activation.Tanh)", "AffineCoupling(8, Activation = Activation.Sigmoid)"),
        ("AffineCoupling(8, Activation = Activation.Relu)", "AffineCoupling(8, Activation = Activation.LeakyRelu)"),
        ("AffineCoupling(8, Activation = Activation.Elu)", "AffineCoupling(8, Activation = Activation.Softplus)"),
        ("AffineCoupling(8, Activation = Activation.Silu)", "AffineCoupling(8, Activation = Activation.Gelu)"),
        ("AffineCoupling(8, Scale = ScaleFunction.Exp)", "AffineCoupling(8, Scale = ScaleFunction.Sigmoid)"),
        ("AffineCoupling(8, Scale = ScaleFunction.Sigmoid)", "AffineCoupling(8, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0.002)"),
        ("AffineCoupling(8, Scale = ScaleFunction.Sigmoid)", "AffineCoupling(8, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0)"),
        ("AffineCoupling(8, Form = AffineForm.ScaleThenShift)", "AffineCoupling(8, Form = AffineForm.ShiftThenScale)"),
        ("AffineCoupling(8, 8, 8, Net = CouplingNet.Mlp)", "AffineCoupling(8, 8, 8, Net = CouplingNet.ResidualMlp)"),
        ("BatchNorm", "BatchNorm(Epsilon = 0.001)"),
        ("Logit(0.05)", "Logit(0.06)"),
        ("Dequantize, Logit(0.05)", "Dequantize(Bins = 257), Logit(0.05)"),
        ("Elementwise(Activation.Elu)", "Elementwise(Activation.LeakyRelu)"),
        ("Elementwise(Activation.Tanh)", "Elementwise(Activation.Sigmoid)"),
        ("Rescale, BatchNorm", "BatchNorm, Rescale"),
        ("Shuffle(2), Reverse", "Reverse, Shuffle(2)"),
        ("Sum<Below, AlsoBelow>(0.75, 0.25)", "Sum<Below, AlsoBelow>(0.25, 0.75)"),
        ("Sum<Below, AlsoBelow>(0.75, 0.25)", "Sum<Below, BelowOtherwise>(0.75, 0.25)"),
        ("Sum<Below, Below>(0.75, 0.25)", "Sum<Below, Below>(0.75, 0.26)"),
        ("Sum<Below, Below>(0.75, 0.25)", "Sum<Above, Above>(0.75, 0.25)"),
        ("ActNorm, InvertibleLinear", "InvertibleLinear, ActNorm"),
        ("AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.EvenPixels)", "AffineCoupling(4, Net = CouplingNet.Conv, Transforms = Partition.OddPixels)"),
        ("AffineCoupling(4, 3, Net = CouplingNet.Conv, Transforms = Partition.FirstHalf)", "AffineCoupling(4, 3, Net = CouplingNet.Conv, Transforms = Partition.SecondHalf)"),
        ("AdditiveCoupling(4, Net = CouplingNet.ResNet, Transforms = Partition.EvenPixels)", "AdditiveCoupling(4, Net = CouplingNet.ResNet, Transforms = Partition.OddPixels)"),
        ("AffineCoupling(4, Net = CouplingNet.Conv, Activation = Activation.Tanh)", "AffineCoupling(4, Net = CouplingNet.Conv, Activation = Activation.Sigmoid)"),
        ("AdditiveCoupling(4, Net = CouplingNet.ResNet, Activation = Activation.Elu)", "AdditiveCoupling(4, Net = CouplingNet.ResNet, Activation = Activation.Softplus)"),
    ];

    private static readonly VerifierOptions Options = new() { Samples = 8, Effort = 300_000_000 };

    private static readonly Lazy<Assembly> Compiled = new(static () => FlowCompiler.Compile(Source(), "DeclarationMutations"));

    public static TheoryData<int, string> Mutations
    {
        get
        {
            var data = new TheoryData<int, string>();
            for (int i = 0; i < Pairs.Length; i++)
            {
                data.Add(i, $"{Pairs[i].Right} as {Pairs[i].Wrong}");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Another_program_fails(int pair, string name)
    {
        var right = Create("Right", pair);
        var data = Pairs[pair].Right[0] switch
        {
            'L' => FlowData.Unit,
            'D' => FlowData.Levels,
            _ => FlowData.Real,
        };
        float[] x = new FlowCase(name, right.Engine.Description.EventShape.Size, data, "").Samples(40, seed: pair);
        FlowFixture.Scramble(right, seed: pair);
        Assert.True(FlowVerifier.Verify(right.Engine, x, Options).Passed);

        var engine = new FlowEngine(right.Engine.Description, Create("Wrong", pair).Engine.Program, seed: 1);
        FlowFixture.Scramble(engine.Parameters, seed: pair);
        var report = FlowVerifier.Verify(engine, x, Options);
        Assert.Contains(report.Failures, static row => row.Check == Forward && row.Layer is not null);
        Assert.Contains(report.Failures, static row => row.Check == Forward && row.Layer is null);
        Assert.DoesNotContain(report.Failures, static row => row.Check == Reference);
    }

    private static IFlow Create(string kind, int pair) =>
        (IFlow)Activator.CreateInstance(Compiled.Value.GetType(string.Create(CultureInfo.InvariantCulture, $"{kind}{pair}"), throwOnError: true)!, 1UL)!;

    private static string Shape(int pair) => Pairs[pair].Right.Contains("Net = CouplingNet.Conv", StringComparison.Ordinal) || Pairs[pair].Right.Contains("CouplingNet.ResNet", StringComparison.Ordinal) ? "2, 3, 4" : "4";

    private static string Source()
    {
        var text = new StringBuilder("using FlowGen;\n").Append("""
            [FlowStep, MaskedConv(Triangle.Lower)] public sealed partial class Below;
            [FlowStep, MaskedConv(Triangle.Upper)] public sealed partial class Above;
            [FlowStep, Rescale, Elementwise(Activation.Tanh), MaskedConv(Triangle.Lower)] public sealed partial class AlsoBelow;
            [FlowStep, Rescale, Elementwise(Activation.Sigmoid), MaskedConv(Triangle.Lower)] public sealed partial class BelowOtherwise;

            """);
        for (int i = 0; i < Pairs.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"[Flow({Shape(i)})]\n[{Pairs[i].Right}]\npublic sealed partial class Right{i};\n");
            text.Append(CultureInfo.InvariantCulture, $"[Flow({Shape(i)})]\n[{Pairs[i].Wrong}]\npublic sealed partial class Wrong{i};\n");
        }

        return text.ToString();
    }
}
