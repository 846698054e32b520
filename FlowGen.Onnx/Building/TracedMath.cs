using FlowGen.Kernels;

namespace FlowGen.Onnx.Building;

/// <summary>Elementary functions of <see cref="TracedLanes"/>.</summary>
internal readonly struct TracedMath : ILaneMath<TracedLanes>
{
    public static TracedLanes Exp(TracedLanes x) => Map(x, "Exp", Math.Exp);

    public static TracedLanes Expm1(TracedLanes x) => Map(x, static value => value.Expm1(), static value => Math.Exp(value) - 1);

    public static TracedLanes Log(TracedLanes x) => Map(x, "Log", Math.Log);

    public static TracedLanes Log1p(TracedLanes x) => Map(x, static value => value.Log1p(), static value => Math.Log(1 + value));

    public static TracedLanes Sin(TracedLanes x) => Map(x, "Sin", Math.Sin);

    public static TracedLanes Cos(TracedLanes x) => Map(x, "Cos", Math.Cos);

    public static TracedLanes Tan(TracedLanes x) => Map(x, "Tan", Math.Tan);

    public static TracedLanes Asin(TracedLanes x) => Map(x, "Asin", Math.Asin);

    public static TracedLanes Acos(TracedLanes x) => Map(x, "Acos", Math.Acos);

    public static TracedLanes Atan(TracedLanes x) => Map(x, "Atan", Math.Atan);

    public static TracedLanes Sinh(TracedLanes x) => Map(x, "Sinh", Math.Sinh);

    public static TracedLanes Cosh(TracedLanes x) => Map(x, "Cosh", Math.Cosh);

    public static TracedLanes Tanh(TracedLanes x) => Map(x, "Tanh", Math.Tanh);

    public static TracedLanes Asinh(TracedLanes x) => Map(x, "Asinh", Math.Asinh);

    public static TracedLanes Acosh(TracedLanes x) => Map(x, "Acosh", Math.Acosh);

    public static TracedLanes Atanh(TracedLanes x) => Map(x, "Atanh", Math.Atanh);

    // A power of something negative is not a number.
    public static TracedLanes Cbrt(TracedLanes x) => Map(x, static value => value.Map("Sign") * value.Graph.Node("Pow", [value.Abs(), value.Graph.Scalar(1 / 3.0)]), Math.Cbrt);

    public static TracedLanes Sigmoid(TracedLanes x) => Map(x, static value => value.Sigmoid(), static value => 1 / (1 + Math.Exp(-value)));

    public static TracedLanes Logit(TracedLanes p) => Map(p, static value => value.Logit(), static value => Math.Log(value / (1 - value)));

    public static TracedLanes Softplus(TracedLanes x) => Map(x, static value => value.Softplus(), static value => Math.Max(value, 0) + Math.Log(1 + Math.Exp(-Math.Abs(value))));

    public static TracedLanes SoftplusInverse(TracedLanes y) => Map(y, static value => value.SoftplusInverse(), static value => value + Math.Log(1 - Math.Exp(-value)));

    public static TracedLanes Sech2(TracedLanes x) => Map(x, static value => value.Sech2(), static value => 1 / (Math.Cosh(value) * Math.Cosh(value)));

    public static TracedLanes Search<TFunction>(TracedLanes z, ScalarBounds bounds)
        where TFunction : struct, IScalarFunction =>
        TracedLanes.Map(z, value => InverseSearch.Solve<TFunction>(value, bounds), static _ => throw new NotSupportedException("A function has no inverse at a constant."));

    private static TracedLanes Map(TracedLanes x, string operation, Func<double, double> fold) => Map(x, value => value.Map(operation), fold);

    private static TracedLanes Map(TracedLanes x, Func<GraphValue, GraphValue> node, Func<double, double> fold) => TracedLanes.Map(x, node, number => (float)fold(number));
}
