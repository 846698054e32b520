using FlowGen.Generator.Parsing;

namespace FlowGen.Generator.Layers;

/// <summary>Which attribute declares which layer: the only place that lists them.</summary>
internal static class LayerRegistry
{
    private static readonly Dictionary<string, Func<AttributeArguments, LayerModel>> Kinds = new(StringComparer.Ordinal)
    {
        ["FlowGen.ActNormAttribute"] = static _ => new ActNormLayer(),
        ["FlowGen.AdditiveCouplingAttribute"] = AdditiveCouplingLayer.Parse,
        ["FlowGen.AffineCouplingAttribute"] = AffineCouplingLayer.Parse,
        ["FlowGen.BatchNormAttribute"] = BatchNormLayer.Parse,
        ["FlowGen.DequantizeAttribute"] = DequantizeLayer.Parse,
        ["FlowGen.ElementwiseAttribute"] = ElementwiseLayer.Parse,
        ["FlowGen.Invertible1x1ConvAttribute"] = Invertible1x1ConvLayer.Parse,
        ["FlowGen.InvertibleLinearAttribute"] = InvertibleLinearLayer.Parse,
        ["FlowGen.LogitAttribute"] = LogitLayer.Parse,
        ["FlowGen.MaskedConvAttribute"] = MaskedConvLayer.Parse,
        ["FlowGen.MintLayerAttribute"] = MintLayer.Parse,
        ["FlowGen.PermuteAttribute"] = PermuteLayer.Parse,
        ["FlowGen.RescaleAttribute"] = static _ => new RescaleLayer(),
        ["FlowGen.ReverseAttribute"] = static _ => new ReverseLayer(),
        ["FlowGen.ShuffleAttribute"] = ShuffleLayer.Parse,
        ["FlowGen.SinhArcsinhAttribute"] = static _ => new SinhArcsinhLayer(),
        ["FlowGen.SplitAttribute"] = SplitLayer.Parse,
        ["FlowGen.SqueezeAttribute"] = SqueezeLayer.Parse,
        ["FlowGen.StandardizeAttribute"] = static _ => new StandardizeLayer(),
        ["FlowGen.UnsqueezeAttribute"] = UnsqueezeLayer.Parse,
    };

    // Attributes that stand for several layers.
    private static readonly Dictionary<string, Func<AttributeArguments, LayerModel[]>> Groups = new(StringComparer.Ordinal)
    {
        ["FlowGen.MintPairAttribute"] = MintLayer.ParsePair,
    };

    /// <summary>The attributes' metadata names; that of a sum is told by the steps that it names.</summary>
    public static IEnumerable<string> AttributeNames => Kinds.Keys.Concat(Groups.Keys).Append("FlowGen.SumAttribute`2");

    /// <summary>The layers that an attribute stands for, or null if it does not stand for several.</summary>
    public static LayerModel[]? CreateGroup(string attributeName, AttributeArguments arguments) =>
        Groups.TryGetValue(attributeName, out var create) ? create(arguments) : null;

    /// <summary>The layer that an attribute declares, or null if there is none of that name.</summary>
    public static LayerModel? Create(string attributeName, AttributeArguments arguments) =>
        Kinds.TryGetValue(attributeName, out var create) ? create(arguments) : null;
}
