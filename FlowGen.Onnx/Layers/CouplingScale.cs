using FlowGen.Layers;
using FlowGen.Onnx.Building;

namespace FlowGen.Onnx.Layers;

/// <summary>The scale of an affine coupling: its logarithm, and what to multiply or divide by. Exponentials are inverted in the exponent, sigmoids by division.</summary>
internal sealed class CouplingScale
{
    private readonly GraphValue? scale;

    private CouplingScale(GraphValue log, GraphValue? scale)
    {
        Log = log;
        this.scale = scale;
    }

    /// <summary>The logarithm.</summary>
    public GraphValue Log { get; }

    /// <summary>The scale made from the raw output u of the conditioner.</summary>
    public static CouplingScale Of(AffineCouplingLayer layer, LayerScope scope, GraphValue u)
    {
        switch (layer.Scale)
        {
            case ScaleFunction.TanhBounded:
                return new CouplingScale(scope.Weights["scale"][0] * u.Map("Tanh"), null);
            case ScaleFunction.Exp:
                return Exponential(u);
            default:
                var shifted = u + 2;
                if (layer.ScaleFloor == 0)
                {
                    return new CouplingScale(shifted.LogSigmoid(), shifted.Sigmoid());
                }

                var floored = shifted.Sigmoid() + layer.ScaleFloor;
                return new CouplingScale(floored.Log(), floored);
        }
    }

    /// <summary>e^u.</summary>
    public static CouplingScale Exponential(GraphValue u) => new(u, null);

    /// <summary>value scale.</summary>
    public GraphValue Multiply(GraphValue value) => value * (scale ?? Log.Exp());

    /// <summary>value / scale.</summary>
    public GraphValue Divide(GraphValue value) => scale is null ? value * (-Log).Exp() : value / scale;
}
