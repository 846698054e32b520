using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace FlowGen.Tests.Serialization;

/// <summary>Safetensors bytes put together by hand, right or wrong.</summary>
internal static class RawFile
{
    public static byte[] Of(string header, params byte[] data) => Of(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Of(byte[] header, params byte[] data) => WithLength((ulong)header.Length, [.. header, .. data]);

    public static byte[] WithLength(ulong length, params byte[] rest)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        return [.. prefix, .. rest];
    }

    /// <summary>The header of a file as text.</summary>
    public static string Header(byte[] file) => Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadUInt64LittleEndian(file));

    /// <summary>A file whose header is changed as text, with the length that it then has.</summary>
    public static byte[] Edit(byte[] file, string old, string replacement)
    {
        string header = Header(file);
        Assert.Contains(old, header);
        return Of(Encoding.UTF8.GetBytes(header.Replace(old, replacement)), file[(8 + Encoding.UTF8.GetByteCount(header))..]);
    }
}
