using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>z = a A(x) + b B(x), whose diagonal is a d_A + b d_B: see <see cref="SumLayer"/>.</summary>
internal sealed class SumExporter : LayerExporter<SumLayer>
{
    /// <inheritdoc/>
    protected override GraphValue Forward(SumLayer layer, LayerScope scope, GraphValue x)
    {
        string around = scope.Graph.Scope;
        var (first, ofFirst) = Run(layer.First, scope, x);
        var (second, ofSecond) = Run(layer.Second, scope, x);
        scope.Graph.Scope = around;
        var odds = (ofFirst - ofSecond) + Math.Log(layer.FirstWeight / layer.SecondWeight);
        var logs = (ofSecond + Math.Log(layer.SecondWeight)) + odds.Softplus();

        // Where both diagonals are those of the weights alone, there is one for all samples.
        scope.AddLogDet(scope.Graph.Node("Expand", [logs, x.Map("Shape")]));
        return (layer.FirstWeight * first) + (layer.SecondWeight * second);
    }

    /// <inheritdoc/>
    protected override GraphValue Inverse(SumLayer layer, LayerScope scope, GraphValue z) => throw scope.NoInverse("a sum of modules is inverted by iteration");

    private static (GraphValue Value, GraphValue LogDiagonal) Run(IReadOnlyList<LayerDescription> module, LayerScope scope, GraphValue x)
    {
        var diagonal = new LogDiagonal();
        foreach (var layer in module)
        {
            scope.Graph.Scope = layer.Prefix.Replace('.', '_');
            x = LayerExporters.Of(layer).Forward(layer, scope.Within(layer, diagonal), x);
        }

        return (x, diagonal.Sum ?? throw new InvalidOperationException("A module of a sum has layers, and every layer a diagonal."));
    }
}
