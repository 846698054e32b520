namespace FlowGen.Layers;

/// <summary>The two halves of a coupling's coordinates, in ascending order.</summary>
internal sealed class CoordinateSplit
{
    private readonly bool[] isChanged;

    public CoordinateSplit(int size, Partition changes)
    {
        int half = (size + 1) / 2;
        isChanged = new bool[size];
        for (int i = 0; i < size; i++)
        {
            isChanged[i] = changes switch
            {
                Partition.EvenIndices => i % 2 == 0,
                Partition.OddIndices => i % 2 == 1,
                Partition.FirstHalf => i < half,
                Partition.SecondHalf => i >= half,
                _ => throw new ArgumentOutOfRangeException(nameof(changes), changes, "The half that a coupling changes must be known."),
            };
        }

        Changed = [.. Enumerable.Range(0, size).Where(i => isChanged[i])];
        Conditioning = [.. Enumerable.Range(0, size).Where(i => !isChanged[i])];
        if (Changed.Length == 0 || Conditioning.Length == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, $"{changes} of {size} coordinates leaves one half empty.");
        }
    }

    /// <summary>The coordinates that change.</summary>
    public int[] Changed { get; }

    /// <summary>The coordinates that the change is computed from.</summary>
    public int[] Conditioning { get; }

    /// <summary>Whether the derivative of an output by an input may be other than zero.</summary>
    public bool MayDepend(int output, int input) => output == input || (isChanged[output] && !isChanged[input]);

    /// <summary>The coordinates that the change is computed from.</summary>
    public double[] Condition(ReadOnlySpan<double> x)
    {
        var values = new double[Conditioning.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = x[Conditioning[i]];
        }

        return values;
    }
}
