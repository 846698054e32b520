using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>What was proved about a scalar function, for the search for its inverse.</summary>
/// <param name="increasing">Whether it increases; else it decreases.</param>
/// <param name="origin">f(0).</param>
/// <param name="least">The derivative's magnitude is nowhere smaller; 0 if there is no such number.</param>
/// <param name="most">It is nowhere greater; infinite if there is no such number.</param>
/// <param name="low">The lower end of the function's values.</param>
/// <param name="high">Their upper end.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ScalarBounds(bool increasing, float origin, float least, float most, float low, float high)
{
    internal bool Increasing { get; } = increasing;

    internal float Origin { get; } = origin;

    internal float Least { get; } = least;

    internal float Most { get; } = most;

    internal float Low { get; } = low;

    internal float High { get; } = high;
}
