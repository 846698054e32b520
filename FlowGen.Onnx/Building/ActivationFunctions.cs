namespace FlowGen.Onnx.Building;

/// <summary>Activations as nodes, and as bijections of their own.</summary>
internal static class ActivationFunctions
{
    private const double LeakySlope = 0.01;

    /// <summary>Between the layers of a conditioner: the operators that runtimes fuse.</summary>
    public static GraphValue Activate(this GraphValue x, Activation activation) => activation switch
    {
        Activation.Relu => x.Map("Relu"),
        Activation.LeakyRelu => x.Graph.Node("LeakyRelu", [x], Writing.OnnxMessages.Attribute("alpha", (float)LeakySlope)),
        Activation.Elu => x.Map("Elu"),
        Activation.Tanh => x.Map("Tanh"),
        Activation.Sigmoid => x.Map("Sigmoid"),
        Activation.Softplus => x.Map("Softplus"),
        Activation.Silu => x * x.Map("Sigmoid"),
        Activation.Gelu => 0.5 * x * ((x / Math.Sqrt(2)).Map("Erf") + 1),
        Activation.Identity => x,
        _ => throw Unknown(activation),
    };

    /// <summary>As a layer of its own: with the digits that the inverse needs.</summary>
    public static GraphValue Apply(this GraphValue x, Activation activation) => activation switch
    {
        Activation.Elu => (x > 0).Choose(x, x.AtMost(0).Expm1()),
        Activation.Sigmoid => x.Sigmoid(),
        Activation.Softplus => x.Softplus(),
        _ => x.Activate(activation),
    };

    /// <summary>The x that has a value.</summary>
    public static GraphValue Invert(this GraphValue z, Activation activation) => activation switch
    {
        Activation.LeakyRelu => (z > 0).Choose(z, z / LeakySlope),
        Activation.Elu => (z > 0).Choose(z, z.AtMost(0).Log1p()),
        Activation.Tanh => z.Map("Atanh"),
        Activation.Sigmoid => z.Logit(),
        Activation.Softplus => z.SoftplusInverse(),
        Activation.Identity => z,
        _ => throw Unknown(activation),
    };

    /// <summary>The logarithm of the derivative, computed from x and not through the derivative, which underflows.</summary>
    public static GraphValue LogDerivative(this GraphValue x, Activation activation) => activation switch
    {
        Activation.LeakyRelu => (x > 0).Choose(x.Graph.Scalar(0), x.Graph.Scalar(Math.Log(LeakySlope))),
        Activation.Elu => x.AtMost(0),
        Activation.Tanh => (2 * x).LogLogisticDensity() + (2 * Math.Log(2)),
        Activation.Sigmoid => x.LogLogisticDensity(),
        Activation.Softplus => x.LogSigmoid(),
        Activation.Identity => 0 * x,
        _ => throw Unknown(activation),
    };

    /// <summary>The derivative, with all digits also where it is small.</summary>
    public static GraphValue Derivative(this GraphValue x, Activation activation) => activation switch
    {
        Activation.LeakyRelu => (x > 0).Choose(x.Graph.Scalar(1), x.Graph.Scalar(LeakySlope)),
        Activation.Tanh => x.Sech2(),
        Activation.Softplus => x.Sigmoid(),
        _ => x.LogDerivative(activation).Exp(),
    };

    private static ArgumentOutOfRangeException Unknown(Activation activation) => new(nameof(activation), activation, "Not an activation, or none that has an inverse.");
}
