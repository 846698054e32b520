namespace FlowGen;

/// <summary>The half of the coordinates that a coupling changes; the other half conditions.</summary>
public enum Partition
{
    /// <summary>
    /// Changes sides from one coupling of the expanded stack to the next, starting with <see cref="OddIndices"/>; takes its
    /// phase from an explicit partition before it, and ignores permutations.
    /// </summary>
    Alternate,

    /// <summary>Coordinates 0, 2, 4, ...</summary>
    EvenIndices,

    /// <summary>Coordinates 1, 3, 5, ...</summary>
    OddIndices,

    /// <summary>The first half, the larger one of an odd count.</summary>
    FirstHalf,

    /// <summary>The second half.</summary>
    SecondHalf,
}
