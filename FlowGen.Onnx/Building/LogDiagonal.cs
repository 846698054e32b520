namespace FlowGen.Onnx.Building;

/// <summary>The logarithms of the diagonal of a module, coordinate by coordinate: the sums of what its layers add.</summary>
internal sealed class LogDiagonal
{
    /// <summary>The sums, in a shape that goes with samples; null if nothing was added.</summary>
    public GraphValue? Sum { get; private set; }

    /// <summary>Adds the logarithms of a layer.</summary>
    public void Add(GraphValue logs) => Sum = Sum is null ? logs : Sum + logs;
}
