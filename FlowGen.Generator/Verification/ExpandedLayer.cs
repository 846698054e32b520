using FlowGen.Generator.Layers;

namespace FlowGen.Generator.Verification;

/// <summary>A layer of the expanded stack, as declared.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Copy">Which of its attribute's copies it is.</param>
/// <param name="Origin">The position, in the flow's class, of the attribute that it comes from.</param>
internal sealed record ExpandedLayer(LayerModel Layer, int Copy, int Origin);
