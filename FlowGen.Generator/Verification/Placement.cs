using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>Gives every layer its place in the blocks of the program.</summary>
internal static class Placement
{
    /// <summary>Places the layers one behind the other.</summary>
    public static EquatableArray<PlacedLayer> Place(List<LayerModel> layers, EventShape shape, out LayerSize totals)
    {
        var sizes = new List<(LayerModel Layer, EventShape Shape, LayerSize Size)>(layers.Count);
        totals = LayerSize.None;
        foreach (var layer in layers)
        {
            var size = layer.Measure(shape);
            sizes.Add((layer, shape, size));
            totals = new LayerSize(
                totals.Parameters + size.Parameters,
                totals.Buffers + size.Buffers,
                totals.Weights + size.Weights,
                Math.Max(totals.WorkRows, size.WorkRows * shape.Lanes),
                Math.Max(totals.RecordRows, size.RecordRows * shape.Lanes),
                totals.Sums + size.Sums,
                Math.Max(totals.WidestInput, size.WidestInput),
                totals.Tables + size.Tables);
            shape = layer.Output(shape);
        }

        var placed = new List<PlacedLayer>(layers.Count);
        long parameters = 0;
        long buffers = 0;
        long weights = 0;
        long sums = totals.Parameters;
        foreach (var (layer, input, size) in sizes)
        {
            placed.Add(new PlacedLayer(layer, input, size, parameters, buffers, weights, sums));
            parameters += size.Parameters;
            buffers += size.Buffers;
            weights += size.Weights;
            sums += size.Sums;
        }

        return placed.ToEquatableArray();
    }
}
