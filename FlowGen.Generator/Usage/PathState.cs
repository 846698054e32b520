using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Usage;

/// <summary>What is known of the locals of a method at a point of it. What is not listed is not known.</summary>
internal sealed class PathState
{
    private readonly Dictionary<ILocalSymbol, Readiness> flows = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ILocalSymbol, Origin> buffers = new(SymbolEqualityComparer.Default);

    /// <summary>What a flow may be.</summary>
    public Readiness this[ILocalSymbol local]
    {
        get => flows.TryGetValue(local, out var readiness) ? readiness : Readiness.Unknown;
        set => flows[local] = value;
    }

    /// <summary>Where a buffer's content comes from, if that is known.</summary>
    public Origin? OriginOf(ILocalSymbol local) => buffers.TryGetValue(local, out var origin) ? origin : null;

    /// <summary>Says where a buffer's content comes from, or that nobody knows.</summary>
    public void SetOrigin(ILocalSymbol local, Origin? origin)
    {
        if (origin is null)
        {
            _ = buffers.Remove(local);
        }
        else
        {
            buffers[local] = origin;
        }
    }

    /// <summary>A variable holds another flow now: what its former one wrote is nobody's.</summary>
    public void Forget(ISymbol instance)
    {
        foreach (var local in buffers.Where(entry => SymbolEqualityComparer.Default.Equals(entry.Value.Instance, instance)).Select(static entry => entry.Key).ToList())
        {
            buffers[local] = buffers[local] with { Instance = null };
        }
    }

    /// <summary>Nothing is known any more.</summary>
    public void ForgetAll()
    {
        flows.Clear();
        buffers.Clear();
    }

    /// <summary>A copy.</summary>
    public PathState Copy()
    {
        var copy = new PathState();
        foreach (var entry in flows)
        {
            copy.flows.Add(entry.Key, entry.Value);
        }

        foreach (var entry in buffers)
        {
            copy.buffers.Add(entry.Key, entry.Value);
        }

        return copy;
    }

    /// <summary>Adds another path to the same point.</summary>
    /// <returns>Whether less is known than before.</returns>
    public bool Join(PathState other)
    {
        bool changed = false;
        foreach (var local in flows.Keys.Union(other.flows.Keys, SymbolEqualityComparer.Default).Cast<ILocalSymbol>().ToList())
        {
            var joined = this[local] | other[local];
            changed |= joined != this[local];
            flows[local] = joined;
        }

        foreach (var local in buffers.Keys.ToList())
        {
            if (!buffers[local].Equals(other.OriginOf(local)))
            {
                changed |= buffers.Remove(local);
            }
        }

        return changed;
    }
}
