using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>
/// Gives <see cref="Partition.Alternate"/> its meaning along the expanded stack: the first coupling of a vector changes the odd indices, of an image the second half of the
/// channels, of an image with one channel the odd pixels; every other one what the coupling before it left alone. So after an explicit half of another family the
/// couplings alternate in that one. Where the shape changes, all begins anew.
/// </summary>
internal sealed class Alternation
{
    private Partition? last;
    private EventShape? lastShape;

    /// <summary>The partition that the next coupling stands for.</summary>
    public Partition Next(Partition declared, EventShape shape)
    {
        var partition = declared != Partition.Alternate ? declared
            : last is { } previous && lastShape == shape ? CoordinateRows.Complement(previous)
            : !shape.IsImage ? Partition.OddIndices
            : shape.Channels > 1 ? Partition.SecondHalf
            : Partition.OddPixels;
        last = partition;
        lastShape = shape;
        return partition;
    }
}
