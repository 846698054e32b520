namespace FlowGen.Generator.Emission;

/// <summary>Layers whose code repeats with a period.</summary>
/// <param name="First">The first layer.</param>
/// <param name="Length">The number of layers, not always a multiple of the period.</param>
/// <param name="Period">After how many layers the code repeats.</param>
internal sealed record LayerRun(int First, int Length, int Period)
{
    /// <summary>Divides a stack into runs, where equal keys mean code that differs in offsets only.</summary>
    public static List<LayerRun> Find(IReadOnlyList<int> keys)
    {
        var runs = new List<LayerRun>();
        for (int first = 0; first < keys.Count; first += runs[runs.Count - 1].Length)
        {
            runs.Add(Longest(keys, first));
        }

        return runs;
    }

    /// <summary>How often the code at a position of the period occurs.</summary>
    public int Instances(int position) => (Length - position + Period - 1) / Period;

    // The run that saves the most; of equal ones that with the shortest period.
    private static LayerRun Longest(IReadOnlyList<int> keys, int first)
    {
        var best = new LayerRun(first, 1, 1);
        for (int period = 1; first + period < keys.Count; period++)
        {
            int length = period;
            while (first + length < keys.Count && keys[first + length] == keys[first + length - period])
            {
                length++;
            }

            // A tail shorter than the period belongs to what follows, unless nothing repeats otherwise.
            if (length >= 2 * period && length - period > best.Length - best.Period)
            {
                best = new LayerRun(first, length, period);
            }
        }

        return best;
    }
}
