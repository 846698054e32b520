namespace FlowGen;

/// <summary>The half of the coordinates that a coupling changes; the other half conditions.</summary>
public enum Partition
{
    /// <summary>
    /// Changes sides from one coupling of the expanded stack to the next: <see cref="OddIndices"/> first on a vector, <see cref="SecondHalf"/> of the
    /// channels on an image, <see cref="OddPixels"/> on an image with one channel. It takes its phase from an explicit partition before it, starts
    /// again where the shape changes, and ignores permutations.
    /// </summary>
    Alternate,

    /// <summary>Coordinates 0, 2, 4, ... of a vector.</summary>
    EvenIndices,

    /// <summary>Coordinates 1, 3, 5, ... of a vector.</summary>
    OddIndices,

    /// <summary>The first half of the coordinates of a vector or of the channels of an image, the larger one of an odd count.</summary>
    FirstHalf,

    /// <summary>The second half of the coordinates of a vector or of the channels of an image.</summary>
    SecondHalf,

    /// <summary>The pixels of an image whose row and column add up to an even number, in every channel: a checkerboard.</summary>
    EvenPixels,

    /// <summary>The other pixels of the checkerboard.</summary>
    OddPixels,
}
