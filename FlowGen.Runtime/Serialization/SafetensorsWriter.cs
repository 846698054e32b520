using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FlowGen.Serialization;

/// <summary>Writes safetensors files: ranges contiguous, wider types first and the header padded with spaces to 8 bytes, so that every tensor is aligned in the file.</summary>
internal static class SafetensorsWriter
{
    private const int ChunkBytes = 1 << 16;

    public static void Write(Stream stream, IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<SafetensorsContent> tensors)
    {
        var ordered = tensors.OrderByDescending(static tensor => tensor.Type.Size).ToList();
        var header = Header(metadata, ordered);
        int padding = -header.WrittenCount & 7;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);

        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.WrittenCount);
        stream.Write(prefix);
        stream.Write(header.WrittenSpan);

        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            foreach (var tensor in ordered)
            {
                for (int done = 0; done < tensor.Count;)
                {
                    int count = Math.Min(tensor.Count - done, ChunkBytes / tensor.Type.Size);
                    tensor.Encode(done, count, chunk);
                    stream.Write(chunk, 0, count * tensor.Type.Size);
                    done += count;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static ArrayBufferWriter<byte> Header(IEnumerable<KeyValuePair<string, string>> metadata, List<SafetensorsContent> tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // The relaxed encoder only leaves out escapes that HTML would need.
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartObject("__metadata__"u8);
        foreach (var (key, value) in metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        long offset = 0;
        foreach (var tensor in tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype"u8, tensor.Type.Name);
            json.WriteStartArray("shape"u8);
            foreach (int length in tensor.Shape)
            {
                json.WriteNumberValue(length);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets"u8);
            json.WriteNumberValue(offset);
            offset += (long)tensor.Count * tensor.Type.Size;
            json.WriteNumberValue(offset);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer;
    }
}
