using FlowGen.Kernels;

namespace FlowGen.Tests.Declarations;

/// <summary>In the place of a compiled function where there is only its double-precision twin.</summary>
internal readonly struct NotCompiled : IScalarFunction
{
    public static V Apply<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V> => throw new NotSupportedException();

    public static V Derivative<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V> => throw new NotSupportedException();

    public static V LogDerivative<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V> => throw new NotSupportedException();

    public static V LogDerivativeSlope<V, TMath>(V x)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V> => throw new NotSupportedException();

    public static V Inverse<V, TMath>(V z)
        where V : struct, ILanes<V>
        where TMath : struct, ILaneMath<V> => throw new NotSupportedException();
}
