using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FlowGen;

/// <summary>Tells tables of numbers apart.</summary>
internal static class DataHash
{
    private const int Part = 1 << 24;

    /// <summary>The first 16 digits of the SHA-256 of the numbers' bits.</summary>
    public static string Of(ReadOnlySpan<float> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, values);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Adds the numbers' bits.</summary>
    public static void Append(IncrementalHash hash, ReadOnlySpan<float> values)
    {
        // A span of bytes would be too long for the largest tables.
        for (int start = 0; start < values.Length; start += Part)
        {
            hash.AppendData(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(Part, values.Length - start))));
        }
    }
}
