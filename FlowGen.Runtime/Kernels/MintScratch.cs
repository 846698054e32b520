using System.Buffers;

namespace FlowGen.Kernels;

/// <summary>What solving a Mint layer in double precision takes: the hidden units of all coordinates, and one coordinate's weights.</summary>
internal readonly ref struct MintScratch : IDisposable
{
    private readonly double[] floats;
    private readonly int units;
    private readonly int paths;

    /// <summary>Rents it.</summary>
    /// <param name="units">Hidden units.</param>
    /// <param name="paths">Those of one coordinate.</param>
    public MintScratch(int units, int paths)
    {
        this.units = units;
        this.paths = paths;
        floats = ArrayPool<double>.Shared.Rent((2 * units) + ((paths + 4) * paths));
    }

    /// <summary>The values of the first units.</summary>
    public Span<double> A => floats.AsSpan(0, units);

    /// <summary>The values of the second units.</summary>
    public Span<double> C => floats.AsSpan(units, units);

    /// <summary>Room for a coordinate.</summary>
    public MintRoot Root => new()
    {
        First = Row(0),
        Third = Row(1),
        Before1 = Row(2),
        Before2 = Row(3),
        Second = floats.AsSpan((2 * units) + (4 * paths), paths * paths),
    };

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<double>.Shared.Return(floats);

    private Span<double> Row(int row) => floats.AsSpan((2 * units) + (row * paths), paths);
}
