namespace FlowGen.Onnx.Layers;

/// <summary>The exporters of all layers, a line each.</summary>
internal static class LayerExporters
{
    private static readonly Dictionary<Type, LayerExporter> ByKind = new LayerExporter[]
    {
        new ActNormExporter(),
        new AdditiveCouplingExporter(),
        new AffineCouplingExporter(),
        new BatchNormExporter(),
        new DequantizeExporter(),
        new ElementwiseExporter(),
        new Invertible1x1ConvExporter(),
        new InvertibleLinearExporter(),
        new LearnedNormalExporter(),
        new LogitExporter(),
        new MaskedConvExporter(),
        new MintExporter(),
        new PermuteExporter(),
        new RescaleExporter(),
        new ReverseExporter(),
        new ShuffleExporter(),
        new SinhArcsinhExporter(),
        new SplitExporter(),
        new SqueezeExporter(),
        new StandardizeExporter(),
        new SumExporter(),
        new UnsqueezeExporter(),
    }.ToDictionary(static exporter => exporter.Kind);

    /// <summary>The exporter of a layer.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static LayerExporter Of(LayerDescription layer) => ByKind.TryGetValue(layer.GetType(), out var exporter)
        ? exporter
        : throw new NotSupportedException($"Layer {layer.Index} ({layer.Declaration}) cannot be exported: nothing is known about layers of this kind.");
}
