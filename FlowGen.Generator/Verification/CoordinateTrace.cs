using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>Follows each coordinate of the data through the stack: where it is, whether it was transformed, and what it depends on.</summary>
internal sealed class CoordinateTrace
{
    // Beyond this many steps, what would be proved is not worth waiting for while typing.
    private const long DependencyBudget = 200_000_000;

    // Convolutions spread slowly, and the layers behind a split are many.
    private const long ImageBudget = 30_000_000;

    private readonly int[] identity;
    private readonly bool[] coupled;
    private readonly bool[] changed;
    private readonly bool[] conditions;
    private readonly int words;
    private ulong[][]? depends;
    private long budget;
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
        budget = shape.IsImage ? ImageBudget : DependencyBudget;
        if ((long)size * words <= budget / 16)
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

    /// <summary>How many of them it took until every number that had not left depended on every coordinate; 0 if that was not found.</summary>
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

    /// <summary>Some coordinates are changed by themselves and by all others: of an image, those within reach.</summary>
    /// <param name="positions">What changes.</param>
    /// <param name="shape">The shape of the input.</param>
    /// <param name="reach">How many pixels the conditioner looks to every side.</param>
    public void Couple(List<int> positions, EventShape shape, int reach)
    {
        Couplings++;
        bool[] now = new bool[identity.Length];
        foreach (int position in positions)
        {
            now[identity[Emitted + position]] = true;
        }

        RepeatsCoupling = lastCoupling is not null && lastCoupling.AsSpan().SequenceEqual(now);
        lastCoupling = now;
        Condition(positions, shape, reach);
    }

    /// <summary>The same by a layer that is no coupling: what it changes is done with.</summary>
    public void Condition(List<int> positions, EventShape shape, int reach)
    {
        Mixes = true;
        MixingLayers++;
        bool[] writes = new bool[identity.Length - Emitted];
        foreach (int position in positions)
        {
            int which = identity[Emitted + position];
            coupled[which] = changed[which] = true;
            writes[position] = true;
        }

        for (int position = 0; position < writes.Length; position++)
        {
            conditions[identity[Emitted + position]] |= !writes[position];
        }

        Spread(shape, reach, position => !writes[position], position => writes[position]);
    }

    /// <summary>Every coordinate is changed by itself and by those on one side of it.</summary>
    /// <param name="reads">What each reads of the others.</param>
    /// <param name="maps">How often; more than once with curves in between, which also change what reads nothing.</param>
    public void Triangular(TriangularReads reads, int maps)
    {
        if (reads.Shape.Size == 1)
        {
            Diagonal(curved: maps > 1);
            return;
        }

        Mixes = true;
        MixingLayers++;
        lastCoupling = null;
        Fill(changed);
        budget -= reads.Cost * words * maps;
        if (budget < 0)
        {
            depends = null;
            Fill(coupled);
            Fill(conditions);
            return;
        }

        bool[] read = new bool[reads.Shape.Size];
        int[][] sources = [.. Enumerable.Range(0, read.Length).Select(position => reads.Of(position).ToArray())];
        for (int position = 0; position < read.Length; position++)
        {
            // What reads nothing else is scaled by a linear map, and bent by others.
            coupled[identity[Emitted + position]] |= maps > 1 || sources[position].Length > 0;
            foreach (int source in sources[position])
            {
                read[source] = true;
            }
        }

        for (int position = 0; position < read.Length; position++)
        {
            conditions[identity[Emitted + position]] |= read[position];
        }

        for (int map = 0; map < maps && depends is not null && !everythingDepends; map++)
        {
            ulong[][] before = (ulong[][])depends.Clone();
            for (int position = 0; position < read.Length; position++)
            {
                ulong[] row = (ulong[])before[Emitted + position].Clone();
                foreach (int source in sources[position])
                {
                    Unite(row, before[Emitted + source]);
                }

                depends[Emitted + position] = row;
            }
        }

        Conclude();
    }

    /// <summary>Two maps of the same coordinates are added: an output depends on what either makes it depend on.</summary>
    /// <param name="first">Follows the coordinates through the first.</param>
    /// <param name="second">Follows them through the second.</param>
    public void Add(Action first, Action second)
    {
        int layers = MixingLayers;
        int after = MixedAfter;
        bool everything = everythingDepends;
        ulong[][]? before = (ulong[][]?)depends?.Clone();
        first();
        ulong[][]? ofFirst = depends;
        bool mixes = MixingLayers > layers;

        // Nothing changes a row in place: rows that were there before are as they were.
        (depends, everythingDepends) = (depends is null ? null : before, everything);
        second();
        mixes |= MixingLayers > layers;
        (MixingLayers, MixedAfter, everythingDepends) = (mixes ? layers + 1 : layers, after, everything);
        for (int i = 0; depends is not null && ofFirst is not null && i < depends.Length; i++)
        {
            ulong[] row = (ulong[])depends[i].Clone();
            Unite(row, ofFirst[i]);
            depends[i] = row;
        }

        Conclude();
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
        Spread(shape, 0, static _ => true, static _ => true);
    }

    /// <summary>How many coordinates a latent can depend on, the fewest and the most; null if it was not found out.</summary>
    public (int Fewest, int Most)? Dependences()
    {
        if (depends is null)
        {
            return null;
        }

        int[] counts = Array.ConvertAll(depends, static row => row.Sum(static word => Bits(word)));
        return (counts.Min(), counts.Max());
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

        if (everythingDepends && Emitted == 0)
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

    private void Spread(EventShape shape, int reach, Func<int, bool> reads, Func<int, bool> writes)
    {
        // Nothing is ever forgotten: once every latent that is left depends on everything, it stays so.
        if (everythingDepends)
        {
            return;
        }

        // Of a pixel all channels; rows and columns within reach one after the other.
        int pixels = shape.Pixels;
        int sides = Math.Min((2 * reach) + 1, shape.Height) + Math.Min((2 * reach) + 1, shape.Width);
        budget -= (long)words * ((2L * shape.Size) + (reach == 0 ? 0 : (long)pixels * sides));
        if (depends is null || budget < 0)
        {
            depends = null;
            return;
        }

        ulong[][] sources = new ulong[pixels][];
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            sources[pixel] = new ulong[words];
        }

        for (int position = 0; position < shape.Size; position++)
        {
            if (reads(position))
            {
                Unite(sources[position % pixels], depends[Emitted + position]);
            }
        }

        if (reach > 0)
        {
            sources = Dilate(sources, shape, pixel => pixel % shape.Width, shape.Width, 1, reach);
            sources = Dilate(sources, shape, pixel => pixel / shape.Width, shape.Height, shape.Width, reach);
        }

        for (int position = 0; position < shape.Size; position++)
        {
            if (writes(position))
            {
                ulong[] row = (ulong[])depends[Emitted + position].Clone();
                Unite(row, sources[position % pixels]);
                depends[Emitted + position] = row;
            }
        }

        Conclude();
    }

    // Every pixel takes what those within reach along one side have.
    private ulong[][] Dilate(ulong[][] sources, EventShape shape, Func<int, int> place, int length, int step, int reach)
    {
        ulong[][] wider = new ulong[shape.Pixels][];
        for (int pixel = 0; pixel < wider.Length; pixel++)
        {
            wider[pixel] = (ulong[])sources[pixel].Clone();
            int at = place(pixel);
            for (int other = Math.Max(0, at - reach); other <= Math.Min(length - 1, at + reach); other++)
            {
                if (other != at)
                {
                    Unite(wider[pixel], sources[pixel + ((other - at) * step)]);
                }
            }
        }

        return wider;
    }

    private void Conclude()
    {
        if (depends is null || everythingDepends)
        {
            return;
        }

        for (int i = Emitted; i < depends.Length; i++)
        {
            if (!IsFull(depends[i]))
            {
                return;
            }
        }

        everythingDepends = true;
        MixedAfter = MixingLayers;
    }

    private static void Unite(ulong[] row, ulong[] other)
    {
        for (int w = 0; w < row.Length; w++)
        {
            row[w] |= other[w];
        }
    }

    private static int Bits(ulong word)
    {
        int count = 0;
        for (; word != 0; word &= word - 1)
        {
            count++;
        }

        return count;
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
