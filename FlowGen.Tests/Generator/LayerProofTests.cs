using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>Every layer says what is proved about it, in values and in words that agree.</summary>
public sealed class LayerProofTests
{
    private const string Source = """
        [Flow(3)]
        [Dequantize, Logit(0.05), Standardize, ActNorm, BatchNorm, Rescale, InvertibleLinear, Permute(2, 0, 1), Reverse, Shuffle(4)]
        [AdditiveCoupling(4, Activation = Activation.Tanh), AffineCoupling(4), Elementwise(Activation.LeakyRelu), Elementwise(Activation.Elu)]
        partial class Vector;
        [Flow(2, 4, 4)]
        [Squeeze, ActNorm, Invertible1x1Conv, AffineCoupling(4), Split, AdditiveCoupling(4), Unsqueeze]
        partial class Picture;
        """;

    public static TheoryData<string> Layers => [.. All().Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_is_proved_nonsingular_in_words_that_agree(string name)
    {
        var layer = All()[name];
        var proof = layer.Proof;
        string words = layer.Certificate.Diagonal;
        Assert.True(proof.IsNonsingular);
        Assert.Equal(layer.LogDet, proof.LogDet);
        Assert.Equal(layer.State, proof.State);
        Assert.Equal(proof.Form.Pattern == JacobianPattern.Diagonal && !proof.Form.IsPermuted, layer.Certificate.Structure.StartsWith("diagonal", StringComparison.Ordinal));
        Assert.Equal(proof.Form.IsPermuted && proof.Form.Pattern == JacobianPattern.Diagonal, layer.Certificate.Structure == "permutation");
        if (words.StartsWith("positive", StringComparison.Ordinal))
        {
            Assert.Equal(DiagonalSign.Positive, proof.Diagonal.Sign);
        }
    }

    [Theory]
    [InlineData("[Flow(3), AffineCoupling(4, Times = 3)]", "is block triangular", false)]
    [InlineData("[Flow(3), ActNorm, AffineCoupling(4), Rescale]", "The Jacobian of the whole flow is block triangular in the order even indices, odd indices.", true)]
    [InlineData("[Flow(4), ActNorm, AffineCoupling(4, Times = 4)]", "Every latent can depend on every coordinate of the data: that takes 3 of the 4 layers that mix them.", true)]
    [InlineData("[Flow(4), InvertibleLinear, AffineCoupling(4, Times = 2)]", "that takes 1 of the 3 layers", true)]
    [InlineData("[Flow(4), AffineCoupling(4, Times = 2)]", "transformed by at least one layer, and conditions others in at least one.", true)]
    [InlineData("[Flow(1, 4, 4), Squeeze, AffineCoupling(4, Times = 2), Split]", "The latent has 16 numbers, as the data has: 8 + 8, in the order in which they leave.", true)]
    [InlineData("[Flow(2), Elementwise(Activation.Tanh)]", "the support of the prior", false)]
    [InlineData("[Flow(2), Rescale]", "The latents reach the whole line, which is the support of the prior.", true)]
    [InlineData("[Flow(2), AffineCoupling(4, Times = 3)]", "The flow is continuous; derivatives jump", true)]
    [InlineData("[Flow(2), AffineCoupling(4, Times = 3, Activation = Activation.Elu)]", "The flow is continuously differentiable", true)]
    [InlineData("[Flow(2), AffineCoupling(4, Times = 3, Activation = Activation.Tanh)]", "The flow is smooth", true)]
    [InlineData("[Flow(2), AffineCoupling(Times = 3)]", "The flow is smooth", true)]
    [InlineData("[Flow(2), ActNorm, Standardize]", "ActNorm, Standardize must be initialised from data before the first use.", true)]
    [InlineData("[Flow(2), BatchNorm]", "BatchNorm normalises by the batch in training, and by running statistics elsewhere.", true)]
    [InlineData("[Flow(2), InvertibleLinear(Parameterization = LinearParameterization.Dense)]", "That of InvertibleLinear depends on the weights, and is checked when they are used.", true)]
    public void Facts_of_the_whole_stack_are_said_where_they_hold(string declaration, string fact, bool holds)
    {
        string text = string.Join("\n", GeneratorHarness.Model(declaration + " partial class A;", "A").Facts);
        Assert.Equal(holds, text.Contains(fact, StringComparison.Ordinal));
        string generated = Assert.Single(GeneratorHarness.Generate("#pragma warning disable FLOW2020, FLOW2024\n" + declaration + " partial class A;")).SourceText.ToString();
        Assert.Equal(holds ? 2 : 0, generated.Split(fact).Length - 1);
    }

    private static Dictionary<string, LayerModel> All()
    {
        var layers = new Dictionary<string, LayerModel>(StringComparer.Ordinal);
        foreach (string type in (string[])["Vector", "Picture"])
        {
            foreach (var placed in GeneratorHarness.Model(Source, type).Layers)
            {
                layers[$"{type}: {placed.Layer.Declaration}"] = placed.Layer;
            }
        }

        return layers;
    }
}
