using System.Reflection;
using FlowGen.Tests.Flows;

namespace FlowGen.Tests.Packaging;

/// <summary>The flows of the program that is published, compiled here too.</summary>
internal static class PublishedFlows
{
    /// <summary>Their declarations: every kind of layer of images, both systems, and a sum.</summary>
    public const string Declarations = """
        [FlowStep]
        [ActNorm, Invertible1x1Conv, AffineCoupling(8, 8)]
        public sealed partial class Step;

        [Flow(1, 8, 8, Prior = Prior.LearnedNormal)]
        [Dequantize, Logit(0.05), Standardize]
        [AffineCoupling(6, Net = CouplingNet.ResNet, Transforms = Partition.EvenPixels)]
        [Squeeze, Repeat<Step>(2), Split(Prior = SplitPrior.Learned)]
        [BatchNorm, Shuffle(3), Squeeze(Order = SqueezeOrder.Checkerboard), AdditiveCoupling(8), Rescale, Reverse, Unsqueeze]
        public sealed partial class Glow;

        [FlowStep]
        [MaskedConv(Triangle.Lower), Elementwise(Activation.Elu), MaskedConv(Triangle.Lower)]
        public sealed partial class Wide;

        [FlowStep]
        [MintLayer(Triangle.Lower, Paths = 2)]
        public sealed partial class Curved;

        [Flow(1, 8, 8)]
        [Dequantize, Logit(0.05)]
        [MintPair(Paths = 2), Squeeze(Order = SqueezeOrder.SpaceToDepth), MaskedConv(Triangle.Lower), Elementwise(nameof(Bend)), MaskedConv(Triangle.Upper), Sum<Wide, Curved>(0.3, 0.7)]
        public sealed partial class Mint
        {
            private static float Bend(float x) => x + (0.5f * MathF.Tanh(x));
        }
        """;

    private static readonly Lazy<Assembly> Compiled = new(static () => FlowCompiler.Compile("using System;\nusing FlowGen;\n" + Declarations, "PublishedFlows"));

    /// <summary>A multi-scale flow of couplings.</summary>
    public static Type Glow => Compiled.Value.GetType("Glow", throwOnError: true)!;

    /// <summary>A flow of triangular layers.</summary>
    public static Type Mint => Compiled.Value.GetType("Mint", throwOnError: true)!;
}
