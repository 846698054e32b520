using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>A regular run of rows of a tile, coordinates of a vector or channels of an image: start, start + step, ...</summary>
/// <param name="Start">The first.</param>
/// <param name="Step">From one to the next.</param>
/// <param name="Count">How many.</param>
internal sealed record CoordinateRows(int Start, int Step, int Count)
{
    /// <summary>The rows as C# text.</summary>
    public string Code => $"Rows.State({Literals.Of(Start)}, {Literals.Of(Step)}, {Literals.Of(Count)})";

    /// <summary>The rows that a partition changes: of a checkerboard all of them, some lanes of each.</summary>
    /// <param name="partition">A resolved partition.</param>
    /// <param name="size">The number of rows: coordinates of a vector, channels of an image.</param>
    public static CoordinateRows Changed(Partition partition, int size)
    {
        int larger = (size / 2) + (size % 2);
        return partition switch
        {
            Partition.EvenIndices => new(0, 2, larger),
            Partition.OddIndices => new(1, 2, size / 2),
            Partition.FirstHalf => new(0, 1, larger),
            Partition.EvenPixels or Partition.OddPixels => new(0, 1, size),
            _ => new(larger, 1, size / 2),
        };
    }

    /// <summary>The coordinates that a partition conditions on.</summary>
    /// <param name="partition">A resolved partition.</param>
    /// <param name="size">The number of rows: coordinates of a vector, channels of an image.</param>
    public static CoordinateRows Conditioning(Partition partition, int size) => Changed(Complement(partition), size);

    /// <summary>The partition that changes what another leaves alone.</summary>
    public static Partition Complement(Partition partition) => partition switch
    {
        Partition.EvenIndices => Partition.OddIndices,
        Partition.OddIndices => Partition.EvenIndices,
        Partition.FirstHalf => Partition.SecondHalf,
        Partition.EvenPixels => Partition.OddPixels,
        Partition.OddPixels => Partition.EvenPixels,
        _ => Partition.FirstHalf,
    };
}
