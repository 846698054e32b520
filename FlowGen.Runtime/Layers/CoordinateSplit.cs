namespace FlowGen.Layers;

/// <summary>The two parts of a coupling's coordinates, in ascending order: of a vector, of the channels of an image, or of its pixels.</summary>
internal sealed class CoordinateSplit
{
    private readonly bool[] isChanged;

    public CoordinateSplit(EventShape shape, Partition changes)
    {
        IsByPixel = changes is Partition.EvenPixels or Partition.OddPixels;
        isChanged = [.. Enumerable.Range(0, shape.Size).Select(i => Changes(shape, changes, i))];
        Changed = [.. Enumerable.Range(0, shape.Size).Where(i => isChanged[i])];
        Conditioning = [.. Enumerable.Range(0, shape.Size).Where(i => !isChanged[i])];
        if (Changed.Length == 0 || Conditioning.Length == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(shape), shape, $"{changes} of {shape} leaves one half empty.");
        }

        // A conditioner makes numbers for whole rows: of a checkerboard those of the other pixels are made, and not used.
        Inputs = IsByPixel ? shape.Channels : Conditioning.Length / shape.Pixels;
        Outputs = IsByPixel ? shape.Channels : Changed.Length / shape.Pixels;
        OutputCount = Outputs * shape.Pixels;
        Shape = shape;
    }

    /// <summary>The shape of what is divided.</summary>
    public EventShape Shape { get; }

    /// <summary>Whether an image is divided like a checkerboard, and not by its channels.</summary>
    public bool IsByPixel { get; }

    /// <summary>The coordinates that change.</summary>
    public int[] Changed { get; }

    /// <summary>The coordinates that the change is computed from.</summary>
    public int[] Conditioning { get; }

    /// <summary>The coordinates, or channels, that a conditioner reads.</summary>
    public int Inputs { get; }

    /// <summary>The coordinates, or channels, that a conditioner makes each of its numbers for.</summary>
    public int Outputs { get; }

    /// <summary>The numbers of one kind that a conditioner makes.</summary>
    public int OutputCount { get; }

    /// <summary>Where, among a conditioner's numbers of one kind, that for changed coordinate number <paramref name="n"/> is.</summary>
    public int OutputOf(int n) => IsByPixel ? Changed[n] : n;

    /// <summary>Whether the derivative of an output by an input may be other than zero.</summary>
    public bool MayDepend(int output, int input) => output == input || (isChanged[output] && !isChanged[input]);

    /// <summary>What a conditioner reads: of a checkerboard the whole image, with zeros where it changes.</summary>
    public double[] Condition(ReadOnlySpan<double> x)
    {
        if (IsByPixel)
        {
            double[] image = x.ToArray();
            foreach (int i in Changed)
            {
                image[i] = 0;
            }

            return image;
        }

        var values = new double[Conditioning.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = x[Conditioning[i]];
        }

        return values;
    }

    private static bool Changes(EventShape shape, Partition changes, int i)
    {
        int channel = i / shape.Pixels;
        int half = (shape.Channels + 1) / 2;
        return (changes, shape.IsImage) switch
        {
            (Partition.EvenIndices, false) => i % 2 == 0,
            (Partition.OddIndices, false) => i % 2 == 1,
            (Partition.FirstHalf, _) => channel < half,
            (Partition.SecondHalf, _) => channel >= half,
            (Partition.EvenPixels, true) => PixelParity(shape, i) == 0,
            (Partition.OddPixels, true) => PixelParity(shape, i) == 1,
            _ => throw new ArgumentOutOfRangeException(nameof(changes), changes, $"The part of {shape} that a coupling changes must be known."),
        };
    }

    private static int PixelParity(EventShape shape, int i)
    {
        int pixel = i % shape.Pixels;
        return ((pixel / shape.Width) + (pixel % shape.Width)) % 2;
    }
}
