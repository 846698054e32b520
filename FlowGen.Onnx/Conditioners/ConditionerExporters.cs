using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Conditioners;

/// <summary>The exporters of all conditioners, a line each.</summary>
internal static class ConditionerExporters
{
    private static readonly Dictionary<Type, ConditionerExporter> ByKind = new ConditionerExporter[]
    {
        new ConvolutionConditionerExporter(),
        new DenseConditionerExporter(),
        new PixelConditionerExporter(),
        new ResNetConditionerExporter(),
    }.ToDictionary(static exporter => exporter.Kind);

    /// <summary>From what conditions to the numbers for what changes.</summary>
    public static GraphValue Export(ConditionerDescription conditioner, LayerScope scope, GraphValue x) =>
        ByKind[conditioner.GetType()].Export(conditioner, scope, x);
}
