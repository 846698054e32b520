using FlowGen.Serialization;

namespace FlowGen;

/// <summary>
/// A tensor on its way from a foreign file to a flow: row-major values in double precision with a shape. It never changes; every operation
/// gives a new one. Made for maps of names (<see cref="TensorMap"/>), where peers keep the same weights in another form.
/// </summary>
public sealed partial class ForeignTensor
{
    private readonly double[] values;
    private readonly int[] shape;

    private ForeignTensor(double[] values, int[] shape)
    {
        this.values = values;
        this.shape = shape;
    }

    /// <summary>A tensor of given values.</summary>
    /// <param name="values">The values, row-major.</param>
    /// <param name="shape">The lengths of its dimensions; none for a scalar.</param>
    /// <exception cref="ArgumentException">The number of values is not the product of the lengths.</exception>
    public static ForeignTensor Of(ReadOnlySpan<double> values, params ReadOnlySpan<int> shape)
    {
        if (CountOf(shape) != values.Length)
        {
            throw new ArgumentException($"A tensor of shape {Text(shape)} has {CountOf(shape)} values; {values.Length} were given.", nameof(values));
        }

        return new ForeignTensor(values.ToArray(), shape.ToArray());
    }

    /// <summary>A tensor that has the same value everywhere.</summary>
    /// <exception cref="ArgumentException">A length is negative, or their product more than an array can hold.</exception>
    public static ForeignTensor Full(double value, params ReadOnlySpan<int> shape)
    {
        var filled = Create(shape);
        filled.values.AsSpan().Fill(value);
        return filled;
    }

    /// <summary>A tensor of zeros.</summary>
    /// <exception cref="ArgumentException">A length is negative, or their product more than an array can hold.</exception>
    public static ForeignTensor Zeros(params ReadOnlySpan<int> shape) => Create(shape);

    /// <summary>The values, row-major.</summary>
    public ReadOnlySpan<double> Values => values;

    /// <summary>The lengths of the dimensions; empty for a scalar.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>The number of values.</summary>
    public int Count => values.Length;

    /// <summary>The shape, as in messages.</summary>
    public override string ToString() => Text(shape);

    internal static ForeignTensor Adopt(double[] values, int[] shape) => new(values, shape);

    private static ForeignTensor Create(ReadOnlySpan<int> shape) => new(new double[CountOf(shape)], shape.ToArray());

    private static int CountOf(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int length in shape)
        {
            // Both factors are below 2^31, so the product cannot overflow.
            count *= length;
            if (length < 0 || count > Array.MaxLength)
            {
                throw new ArgumentException($"{Text(shape)} is not the shape of a tensor.", nameof(shape));
            }
        }

        return (int)count;
    }

    private static string Text(ReadOnlySpan<int> shape) => FileText.Shape(shape.ToArray());
}
