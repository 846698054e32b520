using System.Buffers.Binary;
using System.Text.Json;

namespace FlowGen.Serialization;

/// <summary>
/// The header of a safetensors file: JSON from tensor names to type, shape and byte range. A file is trusted with nothing: every range
/// must lie in the file, fit its shape, and together the ranges must cover the data exactly once.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes before the header: its length.</summary>
    public const int PrefixLength = 8;

    /// <summary>The longest header that the format allows.</summary>
    public const long LongestHeader = 100_000_000;

    // Far beyond any real file, near enough to keep a hostile header from costing many times its own size.
    private const int MostMetadata = 10_000;
    private const int MostDimensions = 64;
    private const int DeepestNesting = 8;

    private readonly Dictionary<string, SafetensorsEntry> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);
    private readonly List<SafetensorsEntry> entries = [];

    private SafetensorsHeader()
    {
    }

    public IReadOnlyList<SafetensorsEntry> Entries => entries;

    public IReadOnlyDictionary<string, SafetensorsEntry> ByName => byName;

    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Reads the header's length, and checks it against the bytes that the file has.</summary>
    public static int ReadLength(ReadOnlySpan<byte> prefix, long fileLength, string source)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader)
        {
            throw new FlowFileException($"{source}: the first 8 bytes give a header of {length} bytes; the format allows {LongestHeader}. This is not a safetensors file, or it is damaged.");
        }

        if ((long)length > fileLength - PrefixLength)
        {
            throw new FlowFileException($"{source}: the first 8 bytes give a header of {length} bytes, but only {fileLength - PrefixLength} bytes follow. The file is truncated or not a safetensors file.");
        }

        if (length < 2)
        {
            throw new FlowFileException($"{source}: the first 8 bytes give a header of {length} bytes; the shortest has 2.");
        }

        return (int)length;
    }

    /// <summary>Parses and checks a header.</summary>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">The number of bytes after the header.</param>
    /// <param name="source">What messages call the file.</param>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        if (json[0] != (byte)'{')
        {
            throw new FlowFileException($"{source}: at byte {PrefixLength}: a header starts with '{{', found 0x{json[0]:x2}.");
        }

        var header = new SafetensorsHeader();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
        try
        {
            header.ReadObject(ref reader, source);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader gives InvalidOperationException for text that is not UTF-8.
            throw new FlowFileException($"{source}: at byte {PrefixLength + reader.BytesConsumed}: the header is not valid JSON. {e.Message}", innerException: e);
        }

        header.CheckRanges(dataLength, source);
        return header;
    }

    private void ReadObject(ref Utf8JsonReader reader, string source)
    {
        bool metadataSeen = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            long position = PrefixLength + reader.TokenStartIndex;
            reader.Read();
            if (name == "__metadata__")
            {
                if (metadataSeen)
                {
                    throw new FlowFileException($"{source}: at byte {position}: __metadata__ appears twice.");
                }

                metadataSeen = true;
                ReadMetadata(ref reader, source);
                continue;
            }

            var entry = ReadEntry(ref reader, name, source);
            if (!byName.TryAdd(name, entry))
            {
                throw new FlowFileException($"{source}: at byte {position}: tensor {FileText.Quote(name)} appears twice.", name);
            }

            entries.Add(entry);
        }

        // Throws if anything but white space follows.
        reader.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader reader, string source)
    {
        Expect(ref reader, JsonTokenType.StartObject, "__metadata__", source);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new FlowFileException($"{source}: at byte {PrefixLength + reader.TokenStartIndex}: metadata {FileText.Quote(key)} must be a string, found {reader.TokenType}.");
            }

            if (!metadata.TryAdd(key, reader.GetString()!))
            {
                throw new FlowFileException($"{source}: at byte {PrefixLength + reader.TokenStartIndex}: metadata {FileText.Quote(key)} appears twice.");
            }

            if (metadata.Count > MostMetadata)
            {
                throw new FlowFileException($"{source}: at byte {PrefixLength + reader.TokenStartIndex}: more than {MostMetadata} metadata entries.");
            }
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name, string source)
    {
        Expect(ref reader, JsonTokenType.StartObject, name, source);
        string? typeName = null;
        long[]? shape = null;
        long[]? range = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            long position = PrefixLength + reader.TokenStartIndex;
            bool twice = false;
            if (reader.ValueTextEquals("dtype"u8))
            {
                reader.Read();
                Expect(ref reader, JsonTokenType.String, name, source);
                twice = typeName is not null;
                typeName = reader.GetString();
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                reader.Read();
                twice = shape is not null;
                shape = ReadNumbers(ref reader, name, "shape", MostDimensions, source);
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                reader.Read();
                twice = range is not null;
                range = ReadNumbers(ref reader, name, "data_offsets", 2, source);
            }
            else
            {
                // As the format's own reader does: what is not known is not used.
                reader.Skip();
            }

            if (twice)
            {
                throw Fault(source, name, $"a field appears twice, the second time at byte {position}");
            }
        }

        if (typeName is null || shape is null || range is null)
        {
            throw Fault(source, name, $"the header lacks its {(typeName is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        }

        if (!SafetensorsTypes.TryParse(typeName, out var type))
        {
            throw Fault(source, name, $"its dtype is {FileText.Quote(typeName)}; those that can be read are {SafetensorsTypes.All}");
        }

        if (range.Length != 2)
        {
            throw Fault(source, name, $"data_offsets has {range.Length} numbers; begin and end are expected");
        }

        return new SafetensorsEntry(name, type, shape, CountOf(shape, name, source), range[0], range[1]);
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string name, string field, int most, string source)
    {
        Expect(ref reader, JsonTokenType.StartArray, name, source);
        var numbers = new List<long>(4);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number))
            {
                throw Fault(source, name, $"{field} must be whole numbers below 2^63, which the value at byte {PrefixLength + reader.TokenStartIndex} is not");
            }

            if (number < 0)
            {
                throw Fault(source, name, $"{field} has the negative number {number}");
            }

            if (numbers.Count == most)
            {
                throw Fault(source, name, $"{field} has more than {most} numbers");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static long CountOf(long[] shape, string name, string source)
    {
        long count = 1;
        foreach (long length in shape)
        {
            try
            {
                count = checked(count * length);
            }
            catch (OverflowException e)
            {
                throw new FlowFileException($"{source}: tensor {FileText.Quote(name)}: its shape {FileText.Shape(shape)} has more than 2^63 elements.", name, e);
            }
        }

        return count;
    }

    private void CheckRanges(long dataLength, string source)
    {
        foreach (var entry in entries)
        {
            if (entry.Begin > entry.End || entry.End > dataLength)
            {
                throw Fault(source, entry.Name, $"its bytes {entry.Begin} to {entry.End} are not within the {dataLength} bytes of data; the file is truncated or damaged");
            }

            if ((Int128)entry.Count * entry.Type.Size != entry.End - entry.Begin)
            {
                throw Fault(source, entry.Name, $"{entry.Form} takes {(Int128)entry.Count * entry.Type.Size} bytes, its data_offsets span {entry.End - entry.Begin}");
            }
        }

        long covered = 0;
        SafetensorsEntry? previous = null;
        foreach (var entry in entries.OrderBy(static entry => entry.Begin).ThenBy(static entry => entry.End))
        {
            if (entry.Begin < covered)
            {
                throw Fault(source, entry.Name, $"its bytes {entry.Begin} to {entry.End} overlap those of {FileText.Quote(previous!.Name)}, {previous.Begin} to {previous.End}");
            }

            if (entry.Begin > covered)
            {
                throw Fault(source, entry.Name, $"it starts at byte {entry.Begin} of the data, but the tensor before it ends at {covered}; the format allows no gaps");
            }

            covered = entry.End;
            previous = entry;
        }

        if (covered != dataLength)
        {
            throw new FlowFileException($"{source}: the tensors end at byte {covered} of the data, but {dataLength - covered} bytes follow.");
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType expected, string name, string source)
    {
        if (reader.TokenType != expected)
        {
            throw Fault(source, name, $"at byte {PrefixLength + reader.TokenStartIndex}: expected {expected}, found {reader.TokenType}");
        }
    }

    private static FlowFileException Fault(string source, string name, string what) =>
        new($"{source}: tensor {FileText.Quote(name)}: {what}.", name);
}
