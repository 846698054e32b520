using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>
/// Gives <see cref="Partition.Alternate"/> its meaning along the expanded stack: the first coupling of a vector changes the odd
/// indices, every other one what the coupling before it left alone. So after an explicit even or odd half the indices
/// alternate on from there, and after an explicit first or second half the halves do.
/// </summary>
internal sealed class Alternation
{
    private Partition? last;

    /// <summary>The partition that the next coupling stands for.</summary>
    public Partition Next(Partition declared)
    {
        var partition = declared != Partition.Alternate ? declared
            : last is { } previous ? CoordinateRows.Complement(previous)
            : Partition.OddIndices;
        last = partition;
        return partition;
    }
}
