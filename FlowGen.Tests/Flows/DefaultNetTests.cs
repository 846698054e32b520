using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Couplings of an image, one of which says what its conditioner is.</summary>
[Flow(1, 4, 4)]
[AffineCoupling(4, Times = 2), Squeeze, AdditiveCoupling(5, 3), AffineCoupling(4, 4, 4, Net = CouplingNet.Mlp)]
public sealed partial class UndeclaredNets;

/// <summary>A step that is used on a vector and on an image.</summary>
[FlowStep, ActNorm, AffineCoupling(6, 6)]
public sealed partial class StepOfBoth;

/// <summary>The step on images.</summary>
[Flow(4, 2, 2), Repeat<StepOfBoth>(2)]
public sealed partial class StepOnImages;

/// <summary>The step on vectors.</summary>
[Flow(4), Repeat<StepOfBoth>(2)]
public sealed partial class StepOnVectors;

/// <summary>Where no conditioner is declared, images have convolutions, and vectors dense layers.</summary>
public sealed class DefaultNetTests
{
    [Fact]
    public void Images_have_convolutions_and_vectors_dense_layers()
    {
        Assert.Equal(["Conv", "Conv", "Conv", "Mlp"], Nets(UndeclaredNets.Description));
        Assert.Equal(["Conv", "Conv"], Nets(StepOnImages.Description));
        Assert.Equal(["Mlp", "Mlp"], Nets(StepOnVectors.Description));
    }

    [Fact]
    public void They_agree_with_their_mathematics()
    {
        var flow = FlowFixture.Scramble(new UndeclaredNets(), seed: 1);
        FlowVerifier.Verify(flow, FlowFixture.Normal(16 * 8, seed: 2), new VerifierOptions { Samples = 3 }).ThrowIfFailed();
    }

    // Of an image, the kernels tell them apart: a convolution's first one is 3x3.
    private static IEnumerable<string> Nets(FlowDescription description) => description.Layers
        .Select(static layer => layer.Tensors.FirstOrDefault(static tensor => tensor.Name.EndsWith("net.0.weight", StringComparison.Ordinal)))
        .Where(static tensor => tensor is not null)
        .Select(static tensor => tensor!.Shape.Count == 4 ? "Conv" : "Mlp");
}
