using FlowGen.Kernels;

namespace FlowGen.Onnx.Building;

/// <summary>Lanes that write down what is done to them: a user's function, compiled for vectors, becomes nodes when it is run on these. Numbers stay numbers until they meet a value.</summary>
internal readonly struct TracedLanes : ILanes<TracedLanes>
{
    private readonly GraphValue? value;
    private readonly float number;

    /// <summary>A value of a graph.</summary>
    public TracedLanes(GraphValue value) => this.value = value;

    private TracedLanes(float number) => this.number = number;

    public static TracedLanes operator +(TracedLanes left, TracedLanes right) => Both(left, right, static (a, b) => a + b, static (a, b) => a + b);

    public static TracedLanes operator -(TracedLanes left, TracedLanes right) => Both(left, right, static (a, b) => a - b, static (a, b) => a - b);

    public static TracedLanes operator *(TracedLanes left, TracedLanes right) => Both(left, right, static (a, b) => a * b, static (a, b) => a * b);

    public static TracedLanes operator /(TracedLanes left, TracedLanes right) => Both(left, right, static (a, b) => a / b, static (a, b) => a / b);

    public static TracedLanes operator -(TracedLanes value) => Map(value, static x => -x, static x => -x);

    public static TracedLanes Create(float value) => new(value);

    public static TracedLanes Sqrt(TracedLanes value) => Map(value, static x => x.Map("Sqrt"), MathF.Sqrt);

    public static TracedLanes LessThan(TracedLanes left, TracedLanes right) => Both(left, right, static (a, b) => a < b, static (a, b) => a < b ? 1 : 0);

    public static TracedLanes Equal(TracedLanes left, TracedLanes right) => Both(left, right, static (a, b) => a.EqualTo(b), static (a, b) => a == b ? 1 : 0);

    public static TracedLanes Select(TracedLanes mask, TracedLanes whenTrue, TracedLanes whenFalse) => mask.value is { } condition
        ? new(condition.Choose(whenTrue.Beside(condition), whenFalse.Beside(condition)))
        : mask.number != 0 ? whenTrue : whenFalse;

    /// <summary>Applies an elementary function.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="node">The function of a value.</param>
    /// <param name="fold">The function of a number.</param>
    public static TracedLanes Map(TracedLanes x, Func<GraphValue, GraphValue> node, Func<float, float> fold) =>
        x.value is { } value ? new(node(value)) : new(fold(x.number));

    /// <summary>The result for each element of a value, whatever it depends on.</summary>
    public GraphValue In(GraphValue shape) => value ?? shape.Graph.Node("Expand", [shape.Graph.Scalar(number), shape.Map("Shape")]);

    private static TracedLanes Both(TracedLanes left, TracedLanes right, Func<GraphValue, GraphValue, GraphValue> node, Func<float, float, float> fold) =>
        (left.value ?? right.value) is { } any ? new(node(left.Beside(any), right.Beside(any))) : new(fold(left.number, right.number));

    private GraphValue Beside(GraphValue other) => value ?? other.Graph.Scalar(number);
}
