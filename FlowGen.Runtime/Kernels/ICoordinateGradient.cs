using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The gradient of an <see cref="ICoordinateMap"/> by its coordinate.</summary>
internal interface ICoordinateGradient
{
    /// <summary>dL/dx from the input x, dL/dz and dL/dlog-det.</summary>
    V Apply<V>(V x, V gradient, V gradientLogDet, ref float weights, nint row)
        where V : struct, IVec<V>;
}
