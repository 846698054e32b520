using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>A user's scalar function, strictly monotone by proof, as generated code hands it to the kernels.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IScalarFunction
{
    /// <summary>f(x).</summary>
    static abstract V Apply<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V>;

    /// <summary>f'(x).</summary>
    static abstract V Derivative<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V>;

    /// <summary>ln |f'(x)|.</summary>
    static abstract V LogDerivative<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V>;

    /// <summary>The derivative of <see cref="LogDerivative"/>: f''(x) / f'(x).</summary>
    static abstract V LogDerivativeSlope<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V>;

    /// <summary>The x with f(x) = z: a formula, or <see cref="ILaneMath{V}.Search{TFunction}"/>. NaN outside of the range.</summary>
    static abstract V Inverse<V, TMath>(V z)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V>;
}
