using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>Follows each coordinate of the data through the stack: where it is, whether it was transformed, and what it depends on.</summary>
internal sealed class CoordinateTrace
{
    // Beyond this many steps, what would be proved is not worth waiting for while typing.
    private const long DependencyBudget = 200_000_000;

    private readonly int[] identity;
    private readonly bool[] coupled;
    private readonly bool[] changed;
    private readonly bool[] conditions;
    private readonly int words;
    private ulong[][]? depends;
    private long budget = DependencyBudget;
    private bool[]? lastCoupling;
    private bool everythingDepends;

    /// <param name="shape">The shape of a sample.</param>
    public CoordinateTrace(EventShape shape)
    {
        int size = shape.Size;
        identity = [.. Enumerable.Range(0, size)];
        coupled = new bool[size];
        changed = new bool[size];
        conditions = new bool[size];
        words = (size + 63) / 64;
        // Convolutions look at what is near: what an image's latents depend on is not followed.
        if (!shape.IsImage && (long)size * words <= DependencyBudget / 16)
        {
            depends = new ulong[size][];
            for (int i = 0; i < size; i++)
            {
                depends[i] = new ulong[words];
                depends[i][i / 64] = 1UL << (i % 64);
            }
        }
    }

    /// <summary>Whether a layer made coordinates depend on others.</summary>
    public bool Mixes { get; private set; }

    /// <summary>The number of layers so far that made coordinates depend on others.</summary>
    public int MixingLayers { get; private set; }

    /// <summary>How many of them it took until every latent depended on every coordinate; 0 if that was not found.</summary>
    public int MixedAfter { get; private set; }

    /// <summary>Whether every coordinate is read by a layer that changes others.</summary>
    public bool AllCondition => Array.TrueForAll(conditions, static read => read);

    /// <summary>The number of couplings so far.</summary>
    public int Couplings { get; private set; }

    /// <summary>Whether the last coupling changed the coordinates that the one before it had changed.</summary>
    public bool RepeatsCoupling { get; private set; }

    /// <summary>The coordinates that were split off: no layer sees them any more. Positions are counted from the first of the others.</summary>
    public int Emitted { get; private set; }

    /// <summary>The first coordinates leave for the latent.</summary>
    /// <param name="count">How many.</param>
    public void Emit(int count)
    {
        Untouched = 0;
        for (int i = 0; i < count; i++)
        {
            Untouched += coupled[identity[Emitted + i]] ? 0 : 1;
        }

        Emitted += count;
    }

    /// <summary>How many coordinates that were split off last no coupling had changed.</summary>
    public int Untouched { get; private set; }

    /// <summary>Every coordinate is changed by itself alone.</summary>
    /// <param name="curved">Whether by more than a scale and an offset.</param>
    public void Diagonal(bool curved)
    {
        Fill(changed);
        if (curved)
        {
            Fill(coupled);
            lastCoupling = null;
        }
    }

    /// <summary>Coordinates change places: position i takes what was at order[i].</summary>
    public void Permute(int[] order)
    {
        int[] before = (int[])identity.Clone();
        ulong[][]? rows = (ulong[][]?)depends?.Clone();
        for (int i = 0; i < order.Length; i++)
        {
            identity[Emitted + i] = before[Emitted + order[i]];
            if (rows is not null)
            {
                depends![Emitted + i] = rows[Emitted + order[i]];
            }
        }
    }

    /// <summary>Some coordinates are changed by themselves and by all others.</summary>
    public void Couple(List<int> positions)
    {
        Couplings++;
        bool[] now = new bool[identity.Length];
        foreach (int position in positions)
        {
            now[identity[Emitted + position]] = true;
        }

        RepeatsCoupling = lastCoupling is not null && lastCoupling.AsSpan().SequenceEqual(now);
        lastCoupling = now;
        Condition(positions);
    }

    /// <summary>The same by a layer that is no coupling: what it changes is done with.</summary>
    public void Condition(List<int> positions)
    {
        Mixes = true;
        MixingLayers++;
        foreach (int position in positions)
        {
            int which = identity[Emitted + position];
            coupled[which] = changed[which] = true;
        }

        bool[] writes = new bool[identity.Length];
        foreach (int position in positions)
        {
            writes[Emitted + position] = true;
        }

        for (int position = Emitted; position < writes.Length; position++)
        {
            conditions[identity[position]] |= !writes[position];
        }

        Spread(position => !writes[position], position => writes[position]);
    }

    /// <summary>Every coordinate is changed by itself and by all on one side of it.</summary>
    public void Triangular(Triangle triangle)
    {
        if (identity.Length == 1)
        {
            Diagonal(curved: true);
            return;
        }

        Mixes = true;
        lastCoupling = null;
        Fill(coupled);
        Fill(changed);
        budget -= (long)identity.Length * words;
        if (depends is null || everythingDepends || budget < 0)
        {
            depends = everythingDepends ? depends : null;
            return;
        }

        ulong[] union = new ulong[words];
        for (int n = 0; n < depends.Length; n++)
        {
            int position = triangle == Triangle.Lower ? n : depends.Length - 1 - n;
            for (int w = 0; w < words; w++)
            {
                union[w] |= depends[position][w];
            }

            depends[position] = (ulong[])union.Clone();
        }

        everythingDepends = Array.TrueForAll(depends, IsFull);
    }

    /// <summary>Every coordinate is changed by every other: of an image, by those of its pixel.</summary>
    public void Mix(EventShape shape)
    {
        if (shape.Channels == 1)
        {
            Diagonal(curved: false);
            return;
        }

        Mixes = true;
        lastCoupling = null;
        MixingLayers++;
        Fill(coupled);
        Fill(changed);
        Fill(conditions);
        Spread(static _ => true, static _ => true);
    }

    /// <summary>
    /// The coordinates of the data that no layer transforms. Where coordinates depend on each other, scaling one alone does
    /// not count: its density would still be the prior's.
    /// </summary>
    public List<int> Untransformed()
    {
        bool[] reached = Mixes ? coupled : changed;
        return [.. Enumerable.Range(0, reached.Length).Where(i => !reached[i])];
    }

    /// <summary>The number of pairs of a latent and a coordinate that are independent, and the first of them; null if it was not found out.</summary>
    public (long Count, int Latent, int Coordinate)? Independent()
    {
        if (depends is null)
        {
            return null;
        }

        if (everythingDepends)
        {
            return (0, 0, 0);
        }

        long count = 0;
        (int Latent, int Coordinate) first = default;
        for (int i = 0; i < depends.Length; i++)
        {
            for (int j = 0; j < depends.Length; j++)
            {
                if ((depends[i][j / 64] >> (j % 64) & 1) == 0)
                {
                    first = count == 0 ? (i, j) : first;
                    count++;
                }
            }
        }

        return (count, first.Latent, first.Coordinate);
    }

    private void Fill(bool[] flags)
    {
        for (int i = Emitted; i < flags.Length; i++)
        {
            flags[identity[i]] = true;
        }
    }

    private void Spread(Func<int, bool> reads, Func<int, bool> writes)
    {
        // Nothing is ever forgotten: once every latent depends on everything, it stays so.
        if (everythingDepends)
        {
            return;
        }

        budget -= (long)identity.Length * words;
        if (depends is null || budget < 0)
        {
            depends = null;
            return;
        }

        ulong[] union = new ulong[words];
        for (int i = 0; i < depends.Length; i++)
        {
            if (reads(i))
            {
                for (int w = 0; w < words; w++)
                {
                    union[w] |= depends[i][w];
                }
            }
        }

        for (int i = 0; i < depends.Length; i++)
        {
            if (writes(i))
            {
                ulong[] row = (ulong[])depends[i].Clone();
                for (int w = 0; w < words; w++)
                {
                    row[w] |= union[w];
                }

                depends[i] = row;
            }
        }

        everythingDepends = Array.TrueForAll(depends, IsFull);
        MixedAfter = everythingDepends ? MixingLayers : 0;
    }

    private bool IsFull(ulong[] row)
    {
        for (int w = 0; w < words; w++)
        {
            int bits = Math.Min(64, identity.Length - (64 * w));
            if (row[w] != (bits == 64 ? ulong.MaxValue : (1UL << bits) - 1))
            {
                return false;
            }
        }

        return true;
    }
}
