using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>A sample of a coupling in its two parts. Of a checkerboard both are whole images: what conditions has zeros elsewhere, what changes is chosen at the end.</summary>
internal sealed class CouplingParts
{
    private readonly GraphValue whole;
    private readonly GraphValue? mask;
    private readonly int[] changed;
    private readonly int[] conditioning;

    /// <summary>Divides a sample.</summary>
    public CouplingParts(LayerScope scope, CoordinateSplit split, GraphValue x)
    {
        whole = x;
        var shape = split.Shape;
        if (split.IsByPixel)
        {
            // The same pixels of every channel.
            bool[] changes = new bool[shape.Pixels];
            foreach (int i in split.Changed)
            {
                changes[i % shape.Pixels] = true;
            }

            mask = scope.Graph.Booleans("changes", changes, shape.Height, shape.Width);
            (changed, conditioning) = ([], []);
            (Changed, Condition) = (x, mask.Choose(scope.Graph.Scalar(0), x));
        }
        else
        {
            changed = Rows(split.Changed, shape);
            conditioning = Rows(split.Conditioning, shape);
            (Changed, Condition) = (x.Take(changed), x.Take(conditioning));
        }
    }

    /// <summary>What changes.</summary>
    public GraphValue Changed { get; }

    /// <summary>What the change is computed from.</summary>
    public GraphValue Condition { get; }

    /// <summary>Log-scales of what changes; zero for what does not.</summary>
    public GraphValue OfChanged(GraphValue logScale) => mask is null ? logScale : mask.Choose(logScale, whole.Graph.Scalar(0));

    /// <summary>The sample with the changed part in its place.</summary>
    public GraphValue Join(GraphValue result)
    {
        if (mask is not null)
        {
            return mask.Choose(result, whole);
        }

        if (changed[^1] < conditioning[0])
        {
            return Shaping.Join(result, Condition);
        }

        var joined = Shaping.Join(Condition, result);
        if (conditioning[^1] < changed[0])
        {
            return joined;
        }

        int[] places = new int[changed.Length + conditioning.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i < conditioning.Length ? conditioning[i] : changed[i - conditioning.Length]] = i;
        }

        return joined.Take(places);
    }

    private static int[] Rows(int[] coordinates, EventShape shape) => [.. coordinates.Where(i => i % shape.Pixels == 0).Select(i => i / shape.Pixels)];
}
