using System.Buffers;
using System.Buffers.Binary;

namespace FlowGen.Serialization;

/// <summary>
/// A safetensors file that is open for reading. The header is read and checked at once, tensors when they are asked for, through a small
/// buffer; nothing is allocated by what the header claims before the file was seen to have it.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int ChunkBytes = 1 << 16;

    private readonly Stream stream;
    private readonly bool owned;
    private readonly long dataStart;
    private readonly long end;
    private readonly SafetensorsHeader header;

    private SafetensorsFile(Stream stream, bool owned, string source)
    {
        this.stream = stream;
        this.owned = owned;
        Source = source;
        long start = stream.Position;
        end = stream.Length;
        long length = end - start;
        if (length < SafetensorsHeader.PrefixLength)
        {
            throw new FlowFileException($"{source}: {length} bytes; a safetensors file has at least {SafetensorsHeader.PrefixLength + 2}.");
        }

        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        Fill(prefix);
        byte[] json = new byte[SafetensorsHeader.ReadLength(prefix, length, source)];
        Fill(json);
        dataStart = start + SafetensorsHeader.PrefixLength + json.Length;
        header = SafetensorsHeader.Parse(json, end - dataStart, source);
    }

    /// <summary>What messages call the file.</summary>
    public string Source { get; }

    public IReadOnlyList<SafetensorsEntry> Entries => header.Entries;

    public IReadOnlyDictionary<string, SafetensorsEntry> ByName => header.ByName;

    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FlowFileException">The path is a directory, or the header is not valid.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new FlowFileException($"{path} is a directory; a parameter file was expected.");
        }

        return Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1), owned: true, path);
    }

    /// <summary>Reads a stream from its position to its end; it stays open, at its end.</summary>
    public static SafetensorsFile Open(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanRead)
        {
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        }

        return Open(stream, owned: false, "The stream");
    }

    /// <summary>Reads a tensor of F32 as it is.</summary>
    public void Read(SafetensorsEntry entry, Span<float> values) => Read(entry, SafetensorsType.F32, values, static (bytes, to) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
        }
    });

    /// <summary>Reads a tensor of I64 as it is.</summary>
    public void Read(SafetensorsEntry entry, Span<long> values) => Read(entry, SafetensorsType.I64, values, static (bytes, to) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]);
        }
    });

    /// <summary>Reads a tensor of BOOL.</summary>
    /// <exception cref="FlowFileException">A byte is neither 0 nor 1.</exception>
    public void Read(SafetensorsEntry entry, Span<bool> values)
    {
        byte[] bytes = new byte[values.Length];
        Read(entry, SafetensorsType.Bool, bytes.AsSpan(), static (from, to) => from.CopyTo(to));
        for (int i = 0; i < bytes.Length; i++)
        {
            values[i] = bytes[i] <= 1
                ? bytes[i] == 1
                : throw new FlowFileException($"{Source}: tensor {FileText.Quote(entry.Name)}: the flag at {i} is {bytes[i]}; 0 or 1 was expected.", entry.Name);
        }
    }

    /// <summary>Reads a tensor of any type, converted to double precision; exact but for integers beyond 2^53.</summary>
    public void Read(SafetensorsEntry entry, Span<double> values)
    {
        var type = entry.Type;
        Read(entry, type, values, (bytes, to) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = Decode(type, bytes[(i * type.Size)..]);
            }
        });
    }

    /// <summary>The number of elements, if an array can hold them.</summary>
    public int LengthOf(SafetensorsEntry entry) => entry.Count <= Array.MaxLength
        ? (int)entry.Count
        : throw new FlowFileException($"{Source}: tensor {FileText.Quote(entry.Name)}: {entry.Form} is more than an array can hold.", entry.Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (owned)
        {
            stream.Dispose();
        }
        else
        {
            stream.Position = end;
        }
    }

    private static SafetensorsFile Open(Stream stream, bool owned, string source)
    {
        try
        {
            if (stream.CanSeek)
            {
                return new SafetensorsFile(stream, owned, source);
            }

            var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            var file = new SafetensorsFile(copy, owned: true, source);
            if (owned)
            {
                stream.Dispose();
            }

            return file;
        }
        catch when (owned)
        {
            stream.Dispose();
            throw;
        }
    }

    private static double Decode(SafetensorsType type, ReadOnlySpan<byte> bytes) => type switch
    {
        SafetensorsType.Bool or SafetensorsType.U8 => bytes[0],
        SafetensorsType.I8 => (sbyte)bytes[0],
        SafetensorsType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        SafetensorsType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        SafetensorsType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        // The upper half of a single.
        SafetensorsType.BF16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        SafetensorsType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        SafetensorsType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        SafetensorsType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        SafetensorsType.U64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        SafetensorsType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    private void Read<T>(SafetensorsEntry entry, SafetensorsType expected, Span<T> values, DecodeChunk<T> decode)
    {
        if (entry.Type != expected || entry.Count != values.Length)
        {
            throw new FlowFileException($"{Source}: tensor {FileText.Quote(entry.Name)}: expected {values.Length} elements of {expected.Name}, found {entry.Form}.", entry.Name);
        }

        stream.Position = dataStart + entry.Begin;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (int done = 0; done < values.Length;)
            {
                int count = Math.Min(values.Length - done, ChunkBytes / expected.Size);
                var bytes = chunk.AsSpan(0, count * expected.Size);
                Fill(bytes);
                decode(bytes, values.Slice(done, count));
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private void Fill(Span<byte> bytes)
    {
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
        {
            throw new FlowFileException($"{Source}: ends {bytes.Length - read} bytes before byte {stream.Position + bytes.Length - read}; it was cut while it was read.");
        }
    }

    private delegate void DecodeChunk<T>(ReadOnlySpan<byte> bytes, Span<T> values);
}
