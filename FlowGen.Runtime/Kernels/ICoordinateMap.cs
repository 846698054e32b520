using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>A function of each coordinate alone, with what the coordinate adds to the log-det.</summary>
internal interface ICoordinateMap
{
    /// <summary>Whether the coordinate changes; otherwise the map only measures.</summary>
    static abstract bool Changes { get; }

    /// <summary>Whether the coordinate adds to the log-det.</summary>
    static abstract bool Measures { get; }

    /// <summary>The function.</summary>
    /// <param name="x">Coordinate <paramref name="row"/> of several samples, or coordinates from <paramref name="row"/> on of one.</param>
    /// <param name="weights">The layer's prepared weights.</param>
    /// <param name="row">The coordinate.</param>
    /// <param name="logDet">What it adds to the log-det.</param>
    V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
        where V : struct, IVec<V>
        where TPlace : struct, IWeightPlace;
}
