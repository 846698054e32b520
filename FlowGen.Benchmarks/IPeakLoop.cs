using FlowGen.Numerics;

namespace FlowGen.Benchmarks;

/// <summary>A loop that does one thing as fast as the processor can.</summary>
internal interface IPeakLoop
{
    /// <summary>The steps that take some microseconds.</summary>
    static abstract int Steps { get; }

    /// <summary>What so many steps did.</summary>
    static abstract double Run<V>(int steps)
        where V : struct, IVec<V>;
}
