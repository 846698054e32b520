using Xunit;

namespace FlowGen.Tests.Declarations;

/// <summary>Random declarations are of every layer: <see cref="DeclarationOracleTests"/> asks for every option too, after it has judged them.</summary>
public sealed class GrammarTests
{
    private static readonly Lazy<string> Drawn = new(static () =>
    {
        var random = new System.Random(1);
        return string.Concat(Enumerable.Range(0, 400).Select(i => SumGrammar.Add(i % 2 == 0 ? VectorGrammar.Create($"F{i}", random) : ImageGrammar.Create($"F{i}", random), random).Source));
    });

    public static TheoryData<string> Layers => Flows.FlowZooTests.Layers;

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_layer_is_drawn(string layer) => Assert.Matches($@"[\[ ,]{layer}\b", Drawn.Value);
}
