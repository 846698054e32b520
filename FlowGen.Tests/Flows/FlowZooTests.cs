using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>No layer is missing in the flows under test, also where a process looks at a part of them.</summary>
public sealed class FlowZooTests
{
    private static readonly string[] OfVectors = ["InvertibleLinear"];
    private static readonly string[] OfImages = ["Invertible1x1Conv", "Squeeze", "Unsqueeze", "Split"];

    public static TheoryData<string> Layers => [.. typeof(FlowLayerAttribute).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(FlowLayerAttribute))).Select(static type => type.Name.Split('`')[0][..^"Attribute".Length])];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_layer_is_tested_on_vectors_and_on_images(string layer)
    {
        if (!OfImages.Contains(layer))
        {
            Assert.Contains(FlowZoo.OfVectors, row => Has(row.Data, layer));
        }

        if (!OfVectors.Contains(layer))
        {
            Assert.Contains(FlowZoo.OfImages, row => Has(row.Data, layer));
        }
    }

    private static bool Has(string name, string layer) =>
        FlowZoo.Case(name).Declaration.Split([' ', ',', '[', ']', '(', '<'], StringSplitOptions.RemoveEmptyEntries).Contains(layer);
}
