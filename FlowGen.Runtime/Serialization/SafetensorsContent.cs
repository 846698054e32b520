using System.Buffers.Binary;

namespace FlowGen.Serialization;

/// <summary>A tensor to be written.</summary>
internal sealed class SafetensorsContent
{
    private readonly ReadOnlyMemory<float> singles;
    private readonly ReadOnlyMemory<double> doubles;
    private readonly ReadOnlyMemory<long> integers;

    /// <summary>A tensor of F32.</summary>
    public SafetensorsContent(string name, IReadOnlyList<int> shape, ReadOnlyMemory<float> values)
        : this(name, SafetensorsType.F32, shape, values.Length) => singles = values;

    /// <summary>A tensor of F64.</summary>
    public SafetensorsContent(string name, IReadOnlyList<int> shape, ReadOnlyMemory<double> values)
        : this(name, SafetensorsType.F64, shape, values.Length) => doubles = values;

    /// <summary>A tensor of I64.</summary>
    public SafetensorsContent(string name, IReadOnlyList<int> shape, ReadOnlyMemory<long> values)
        : this(name, SafetensorsType.I64, shape, values.Length) => integers = values;

    /// <summary>A tensor of BOOL.</summary>
    public SafetensorsContent(string name, IReadOnlyList<int> shape, ReadOnlySpan<bool> flags)
        : this(name, SafetensorsType.Bool, shape, flags.Length)
    {
        long[] values = new long[flags.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = flags[i] ? 1 : 0;
        }

        integers = values;
    }

    private SafetensorsContent(string name, SafetensorsType type, IReadOnlyList<int> shape, int count)
    {
        if (shape.Aggregate(1L, static (product, length) => product * length) != count)
        {
            throw new ArgumentException($"Tensor {name} of shape {FileText.Shape(shape)} was given {count} values.", nameof(shape));
        }

        Name = name;
        Type = type;
        Shape = shape;
        Count = count;
    }

    public string Name { get; }

    public SafetensorsType Type { get; }

    public IReadOnlyList<int> Shape { get; }

    public int Count { get; }

    /// <summary>Writes <paramref name="count"/> elements from <paramref name="start"/> on as bytes.</summary>
    public void Encode(int start, int count, Span<byte> bytes)
    {
        switch (Type)
        {
            case SafetensorsType.F32:
                var numbers = singles.Span.Slice(start, count);
                for (int i = 0; i < numbers.Length; i++)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], numbers[i]);
                }

                break;
            case SafetensorsType.F64:
                var wide = doubles.Span.Slice(start, count);
                for (int i = 0; i < wide.Length; i++)
                {
                    BinaryPrimitives.WriteDoubleLittleEndian(bytes[(8 * i)..], wide[i]);
                }

                break;
            case SafetensorsType.I64:
                var whole = integers.Span.Slice(start, count);
                for (int i = 0; i < whole.Length; i++)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(bytes[(8 * i)..], whole[i]);
                }

                break;
            default:
                var flags = integers.Span.Slice(start, count);
                for (int i = 0; i < flags.Length; i++)
                {
                    bytes[i] = (byte)flags[i];
                }

                break;
        }
    }
}
