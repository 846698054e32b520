using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>A fixed permutation of coordinates or channels.</summary>
internal abstract class PermutationExporter<TLayer> : LayerExporter<TLayer>
    where TLayer : LayerDescription
{
    /// <summary>z[i] = x[order[i]].</summary>
    protected abstract int[] OrderOf(TLayer layer, LayerScope scope);

    /// <inheritdoc/>
    protected sealed override GraphValue Forward(TLayer layer, LayerScope scope, GraphValue x) => x.Take(OrderOf(layer, scope));

    /// <inheritdoc/>
    protected sealed override GraphValue Inverse(TLayer layer, LayerScope scope, GraphValue z)
    {
        int[] order = OrderOf(layer, scope);
        int[] back = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            back[order[i]] = i;
        }

        return z.Take(back);
    }
}
