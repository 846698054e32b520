namespace FlowGen.Onnx.Building;

/// <summary>A value of a graph: the output of a node, a constant or an input. Operators append nodes, with the broadcasting of ONNX.</summary>
/// <param name="graph">The graph that it belongs to.</param>
/// <param name="name">Its name there.</param>
internal sealed class GraphValue(GraphBuilder graph, string name)
{
    /// <summary>The graph.</summary>
    public GraphBuilder Graph { get; } = graph;

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    public static GraphValue operator +(GraphValue left, GraphValue right) => left.Graph.Node("Add", [left, right]);

    public static GraphValue operator +(GraphValue left, double right) => left + left.Graph.Scalar(right);

    public static GraphValue operator -(GraphValue left, GraphValue right) => left.Graph.Node("Sub", [left, right]);

    public static GraphValue operator -(GraphValue left, double right) => left - left.Graph.Scalar(right);

    public static GraphValue operator -(double left, GraphValue right) => right.Graph.Scalar(left) - right;

    public static GraphValue operator *(GraphValue left, GraphValue right) => left.Graph.Node("Mul", [left, right]);

    public static GraphValue operator *(double left, GraphValue right) => right.Graph.Scalar(left) * right;

    public static GraphValue operator /(GraphValue left, GraphValue right) => left.Graph.Node("Div", [left, right]);

    public static GraphValue operator /(GraphValue left, double right) => left / left.Graph.Scalar(right);

    public static GraphValue operator /(double left, GraphValue right) => right.Graph.Scalar(left) / right;

    public static GraphValue operator -(GraphValue value) => value.Graph.Node("Neg", [value]);

    /// <summary>Where left is smaller.</summary>
    public static GraphValue operator <(GraphValue left, GraphValue right) => left.Graph.Node("Less", [left, right]);

    /// <summary>Where left is greater.</summary>
    public static GraphValue operator >(GraphValue left, GraphValue right) => left.Graph.Node("Greater", [left, right]);

    /// <summary>Where left is smaller.</summary>
    public static GraphValue operator <(GraphValue left, double right) => left < left.Graph.Scalar(right);

    /// <summary>Where left is greater.</summary>
    public static GraphValue operator >(GraphValue left, double right) => left > left.Graph.Scalar(right);

    /// <summary>Where both hold.</summary>
    public static GraphValue operator &(GraphValue left, GraphValue right) => left.Graph.Node("And", [left, right]);

    /// <summary>Where either holds.</summary>
    public static GraphValue operator |(GraphValue left, GraphValue right) => left.Graph.Node("Or", [left, right]);

    /// <summary>Where it does not hold.</summary>
    public static GraphValue operator !(GraphValue value) => value.Graph.Node("Not", [value]);

    /// <summary>Where both are equal.</summary>
    public GraphValue EqualTo(GraphValue other) => Graph.Node("Equal", [this, other]);

    /// <summary>Where it is a number.</summary>
    public GraphValue EqualTo(double other) => EqualTo(Graph.Scalar(other));

    /// <summary>Of a mask: one value where it holds, another elsewhere.</summary>
    public GraphValue Choose(GraphValue whenTrue, GraphValue whenFalse) => Graph.Node("Where", [this, whenTrue, whenFalse]);
}
