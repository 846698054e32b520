using FlowGen.Layers;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>
/// The flow's own numbers against its exported graph, which another library runs in the widest vectors of the processor whatever this process may use: each kind of kernel, of vectors and of images,
/// with numbers of samples that fill vectors and that do not. Every process of <see cref="InstructionSetTests"/> runs it; at the widest vectors, <see cref="OnnxZooTests"/> runs every flow.
/// </summary>
public sealed class OnnxWidthTests
{
    private const double Tolerance = 5e-5;

    private static readonly FlowCase[] Cases =
    [
        new("scales", 7, FlowData.Real, "[Standardize, ActNorm, BatchNorm, Rescale, SinhArcsinh]"),
        new("numbers from 0 to 1", 7, FlowData.Unit, "[Logit(0.05), Shuffle(3), Elementwise(Activation.Elu)]"),
        new("levels", 5, FlowData.Levels, "[Dequantize, Logit(0.05), Reverse, ActNorm]"),
        new("matrices", 9, FlowData.Real, "[InvertibleLinear, Elementwise(Activation.LeakyRelu)]"),
        new("affine couplings", 7, FlowData.Real, "[AffineCoupling(20, 9, Times = 2)]"),
        new("affine couplings by a residual net", 7, FlowData.Real, "[AffineCoupling(16, 16, Net = CouplingNet.ResidualMlp, Scale = ScaleFunction.Sigmoid, Activation = Activation.Gelu)]"),
        new("additive couplings", 33, FlowData.Real, "[AdditiveCoupling(17, Activation = Activation.Silu, Times = 3), Rescale]"),
        new("triangles", 7, FlowData.Real, "[MaskedConv(Triangle.Lower), MaskedConv(Triangle.Upper)]"),
        new("paths", 7, FlowData.Real, "[MintPair(Paths = 3)]"),
        new("levels of images", 72, FlowData.Real, "[Squeeze, ActNorm, Invertible1x1Conv, AffineCoupling(6, 5, Net = CouplingNet.Conv), Split(Prior = SplitPrior.Learned)]") { Shape = "3, 4, 6" },
        new("pixels of images", 45, FlowData.Real, "[AffineCoupling(5, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.EvenPixels, Times = 2), MintLayer(Triangle.Lower, Paths = 2)]") { Shape = "3, 3, 5" },
    ];

    private static readonly Lazy<System.Reflection.Assembly> Compiled = new(static () => FlowCompiler.Compile(
        "using FlowGen;\n" + string.Concat(Cases.Select(static flow => $"[Flow({flow.Shape})]\n{flow.Declaration}\npublic sealed partial class {flow.ClassName};\n")), "OnnxWidths"));

    public static TheoryData<string> Flows => [.. Cases.Select(static flow => flow.Name)];

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_and_its_graph_agree(string name)
    {
        OnnxSession.Require();
        var declared = Cases.Single(flow => flow.Name == name);
        var flow = FlowFixture.Scramble((IFlow)Activator.CreateInstance(Compiled.Value.GetType(declared.ClassName, throwOnError: true)!, 0ul)!, seed: 7);
        using var forward = new OnnxSession(flow, OnnxGraph.Forward);
        using var density = new OnnxSession(flow, OnnxGraph.LogProb);
        using var inverse = flow.Engine.Description.Layers.Any(static layer => layer is MintLayer) ? null : new OnnxSession(flow, OnnxGraph.Inverse);
        foreach (int count in (int[])[1, 5, 16, 37])
        {
            float[] x = declared.Samples(count, seed: count);
            float[] z = new float[x.Length], logDet = new float[count];
            flow.Forward(x, z, logDet);
            var graph = forward.Run(x);
            Near(graph["z"], z, $"z of {count}");
            Near(graph["log_det"], logDet, $"log-det of {count}");
            Near(density.Run(x)["log_prob"], flow.LogProb(x), $"log p of {count}");
            if (inverse is not null)
            {
                float[] back = new float[x.Length];
                flow.Inverse(z, back, logDet);
                graph = inverse.Run(z);
                Near(graph["x"], back, $"x of {count}");
                Near(graph["log_det"], logDet, $"log-det of the inverse of {count}");
            }
        }
    }

    private static void Near(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Select(static value => Math.Abs((double)value)).Append(1).Max();
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs((double)expected[i] - actual[i]) <= Tolerance * scale, $"{what}, element {i}: {actual[i]:R}, and {expected[i]:R} by the graph.");
        }
    }
}
