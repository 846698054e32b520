using FlowGen.Kernels;
using FlowGen.Onnx.Writing;

namespace FlowGen.Onnx.Building;

/// <summary>Inverts a strictly monotone function in the graph: Newton's method, kept inside a bracket that shrinks with every step, in a loop that ends when all elements have settled.</summary>
/// <remarks>The method of the runtime's own search, but for the middle of a bracket: ONNX has no bits of floats, so it is geometric where both ends have one sign.</remarks>
internal static class InverseSearch
{
    private const int MostSteps = 160;
    private const int MostGrowth = 33;
    private const double Largest = float.MaxValue;
    private const double Smallest = 1e-20;

    /// <summary>The x with f(x) = z.</summary>
    public static GraphValue Solve<TFunction>(GraphValue z, ScalarBounds bounds)
        where TFunction : struct, IScalarFunction
    {
        double sign = bounds.Increasing ? 1 : -1;
        var distance = sign * (z - bounds.Origin);
        var (low, high) = (Spread(-1, z), Spread(1, z));
        if (bounds.Least > 0)
        {
            var far = distance / bounds.Least;
            var near = float.IsInfinity(bounds.Most) ? Spread(0, z) : distance / bounds.Most;
            low = z.Graph.Node("Min", [near, far]).AtLeast(-Largest);
            high = z.Graph.Node("Max", [near, far]).AtMost(Largest);
        }

        GraphValue Residual(GraphValue x)
        {
            var residual = sign * (Apply<TFunction>(x) - z);

            // Where f overflows, x is too far from 0, whatever came out.
            return (residual.Abs() < double.PositiveInfinity).Choose(residual, x);
        }

        (low, high) = Reach(low, high, below: true, Residual);
        (low, high) = Reach(low, high, below: false, Residual);
        var x = Middle(low, high);
        var found = Loop(
            MostSteps,
            z.EqualTo(z),
            [low, high, x, Spread(double.PositiveInfinity, z)],
            (active, state) => Step<TFunction>(active, state, sign, Residual))[2];

        var infinity = z.Graph.Scalar(sign * double.PositiveInfinity);
        var inside = z.EqualTo(bounds.High).Choose(infinity, z.EqualTo(bounds.Low).Choose(-infinity, found));
        return ((z > bounds.High) | (z < bounds.Low) | !z.EqualTo(z)).Choose(z.Graph.Scalar(double.NaN), inside);
    }

    private static (GraphValue Active, GraphValue[] State) Step<TFunction>(GraphValue active, GraphValue[] state, double sign, Func<GraphValue, GraphValue> function)
        where TFunction : struct, IScalarFunction
    {
        var (low, high, x, length) = (state[0], state[1], state[2], state[3]);
        var residual = function(x);
        low = (active & (residual < 0)).Choose(x, low);
        high = (active & (residual > 0)).Choose(x, high);
        var slope = sign * TFunction.Derivative<TracedLanes, TracedMath>(new TracedLanes(x)).In(x);
        var step = residual / slope;
        var newton = x - step;
        var shrinks = step.Abs() < 0.5 * length;
        var middle = Middle(low, high);
        var next = ((newton > low) & (newton < high) & shrinks).Choose(newton, middle);
        length = shrinks.Choose(step.Abs(), 0.5 * length);

        // A step that is lost to rounding ends the search, as does a bracket without a float inside.
        var lost = newton.EqualTo(x) & (slope < double.PositiveInfinity);
        var settled = residual.EqualTo(0) | lost | middle.EqualTo(low) | middle.EqualTo(high);
        active &= !settled;
        return (active, [low, high, active.Choose(next, x), length]);
    }

    // An end that is on the wrong side moves outward, the other behind it.
    private static (GraphValue Low, GraphValue High) Reach(GraphValue low, GraphValue high, bool below, Func<GraphValue, GraphValue> function)
    {
        GraphValue Astray(GraphValue end) => below ? function(end) > 0 : function(end) < 0;
        var state = Loop(MostGrowth, Astray(below ? low : high), [low, high], (astray, ends) =>
        {
            var outward = below ? (16 * ends[0].AtMost(-1)).AtLeast(-Largest) : (16 * ends[1].AtLeast(1)).AtMost(Largest);
            var nextLow = astray.Choose(below ? outward : ends[1], ends[0]);
            var nextHigh = astray.Choose(below ? ends[0] : outward, ends[1]);
            return (astray & Astray(below ? nextLow : nextHigh), [nextLow, nextHigh]);
        });
        return (state[0], state[1]);
    }

    private static GraphValue Middle(GraphValue low, GraphValue high)
    {
        var above = low.AtLeast(Smallest).Map("Sqrt") * high.AtLeast(Smallest).Map("Sqrt");
        var below = (-high).AtLeast(Smallest).Map("Sqrt") * (-low).AtLeast(Smallest).Map("Sqrt");
        var guess = (low < 0).Choose((high > 0).Choose(low.Graph.Scalar(0), -below), above);
        return ((guess > low) & (guess < high)).Choose(guess, (0.5 * low) + (0.5 * high));
    }

    // The loop goes on while any element is active; all of them are computed, and those that have settled stay.
    private static GraphValue[] Loop(int most, GraphValue active, GraphValue[] state, Func<GraphValue, GraphValue[], (GraphValue Active, GraphValue[] State)> step)
    {
        var graph = active.Graph;
        var body = graph.Body(
            [("round", ElementType.Int64), ("goes_on", ElementType.Boolean)],
            [("active", ElementType.Boolean), .. state.Select(static _ => ("state", ElementType.Single))],
            values =>
            {
                var (still, next) = step(values[2], values[3..]);
                return [(IsAny(still), ElementType.Boolean), (still, ElementType.Boolean), .. next.Select(static value => (value, ElementType.Single))];
            });
        return graph.Nodes("Loop", state.Length + 1, [graph.Integer("most", most), IsAny(active), active, .. state], OnnxMessages.GraphAttribute("body", body))[1..];
    }

    private static GraphValue IsAny(GraphValue mask) =>
        mask.Graph.Node("ReduceSum", [mask.Graph.Node("Cast", [mask], OnnxMessages.Attribute("to", (long)ElementType.Single))], OnnxMessages.Attribute("keepdims", 0L)) > 0;

    private static GraphValue Apply<TFunction>(GraphValue x)
        where TFunction : struct, IScalarFunction => TFunction.Apply<TracedLanes, TracedMath>(new TracedLanes(x)).In(x);

    private static GraphValue Spread(double value, GraphValue shape) => TracedLanes.Create((float)value).In(shape);
}
