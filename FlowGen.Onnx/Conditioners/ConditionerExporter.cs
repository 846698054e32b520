using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Conditioners;

/// <summary>Writes conditioners of one kind as nodes.</summary>
internal abstract class ConditionerExporter
{
    /// <summary>The description of the conditioners.</summary>
    public abstract Type Kind { get; }

    /// <summary>From what conditions to the numbers for what changes.</summary>
    public abstract GraphValue Export(ConditionerDescription conditioner, LayerScope scope, GraphValue x);
}
