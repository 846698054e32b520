using CsCheck;
using FlowGen.Tests.Serialization;

namespace FlowGen.Tests.Hardening;

/// <summary>Files that were good.</summary>
internal static class Damage
{
    /// <summary>Some bytes are others, the end may be missing, and something may follow.</summary>
    public static Gen<byte[]> OfBytes(byte[] good)
    {
        var flip = from at in Gen.Int[0, good.Length - 1] from value in Gen.Byte select (at, value);
        var cut = Gen.Frequency((3, Gen.Const(good.Length)), (1, Gen.Int[0, good.Length]));
        return Gen.Select(flip.Array[0, 6], cut, Gen.Byte.Array[0, 3]).Select((flips, length, more) =>
        {
            byte[] damaged = [.. good];
            foreach (var (at, value) in flips)
            {
                damaged[at] = value;
            }

            return (byte[])[.. damaged[..length], .. more];
        });
    }

    /// <summary>Parts of the header of a safetensors file are replaced by pieces, and its length fits.</summary>
    public static Gen<byte[]> OfHeader(byte[] good, string[] pieces)
    {
        string header = RawFile.Header(good);
        var edit = from at in Gen.Int[0, header.Length - 1] from remove in Gen.Int[0, 8] from piece in Gen.Int[0, pieces.Length - 1] select (at, remove, piece);
        return edit.Array[1, 4].Select(edits =>
        {
            string text = header;
            foreach (var (at, remove, piece) in edits)
            {
                int start = Math.Min(at, text.Length);
                text = text[..start] + pieces[piece] + text[Math.Min(start + remove, text.Length)..];
            }

            return RawFile.Of(text, good[(8 + header.Length)..]);
        });
    }
}
