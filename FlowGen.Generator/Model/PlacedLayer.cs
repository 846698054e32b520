using FlowGen.Generator.Layers;

namespace FlowGen.Generator.Model;

/// <summary>A layer of the expanded stack, its options resolved, with the place of its data.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Shape">The shape of its input.</param>
/// <param name="Size">What it occupies.</param>
/// <param name="Parameters">Offset of its first trainable parameter.</param>
/// <param name="Buffers">Offset of its first buffer element.</param>
/// <param name="Weights">Offset of its prepared weights.</param>
/// <param name="Sums">Offset of its sums among the accumulators of a gradient.</param>
internal sealed record PlacedLayer(LayerModel Layer, EventShape Shape, LayerSize Size, long Parameters, long Buffers, long Weights, long Sums);
