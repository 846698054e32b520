using System.Buffers.Binary;
using System.Text;

namespace FlowGen.Onnx.Writing;

/// <summary>A message in the wire format of protocol buffers: its fields in order. Payloads are referred to, not copied, and written with the message.</summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;
    private const int Fixed32 = 5;
    private const int LongestVarint = 10;

    private readonly List<Part> parts = [];
    private long? length;

    /// <summary>The number of bytes. No field may be added once it was asked for.</summary>
    public long Length => length ??= parts.Sum(static part => part.Length);

    /// <summary>Appends an integer or an enumeration.</summary>
    public void Add(int field, long value) => Append(Number(Tag(field, Varint)), Number((ulong)value));

    /// <summary>Appends a number of single precision.</summary>
    public void Add(int field, float value)
    {
        byte[] bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Append(Number(Tag(field, Fixed32)), bytes);
    }

    /// <summary>Appends text as UTF-8; halves of surrogate pairs, which have none, become U+FFFD.</summary>
    public void Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text).AsMemory());

    /// <summary>Appends bytes.</summary>
    public void Add(int field, ReadOnlyMemory<byte> bytes)
    {
        Append(Number(Tag(field, LengthDelimited)), Number((ulong)bytes.Length), bytes);
    }

    /// <summary>Appends a message.</summary>
    public void Add(int field, ProtobufMessage message)
    {
        Append(Number(Tag(field, LengthDelimited)), Number((ulong)message.Length));
        parts.Add(new Part(default, message));
    }

    /// <summary>Writes all fields.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var part in parts)
        {
            if (part.Message is { } message)
            {
                message.WriteTo(stream);
            }
            else
            {
                stream.Write(part.Bytes.Span);
            }
        }
    }

    private static ulong Tag(int field, int type) => ((ulong)field << 3) | (uint)type;

    // Seven bits a byte, the lowest first; the eighth says that more follow.
    private static ReadOnlyMemory<byte> Number(ulong value)
    {
        byte[] bytes = new byte[LongestVarint];
        int count = 0;
        for (; value > 0x7F; value >>= 7)
        {
            bytes[count++] = (byte)(value | 0x80);
        }

        bytes[count++] = (byte)value;
        return bytes.AsMemory(0, count);
    }

    private void Append(params ReadOnlySpan<ReadOnlyMemory<byte>> bytes)
    {
        foreach (var part in bytes)
        {
            parts.Add(new Part(part, null));
        }
    }

    private readonly record struct Part(ReadOnlyMemory<byte> Bytes, ProtobufMessage? Message)
    {
        public long Length => Message?.Length ?? Bytes.Length;
    }
}
