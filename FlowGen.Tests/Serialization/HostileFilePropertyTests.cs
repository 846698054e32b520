using CsCheck;
using Xunit;

namespace FlowGen.Tests.Serialization;

public sealed class HostileFilePropertyTests
{
    private static readonly byte[] Good = StoredFlow.Filled().Save();

    [Fact]
    public void Any_damage_is_refused_or_harmless_and_costs_little()
    {
        Assert.True(Load(Good));
        var flip = from at in Gen.Int[0, Good.Length - 1] from value in Gen.Byte select (at, value);
        var cut = Gen.Frequency((3, Gen.Const(Good.Length)), (1, Gen.Int[0, Good.Length]));
        ForEach(Gen.Select(flip.Array[0, 6], cut, Gen.Byte.Array[0, 3]), static damage =>
        {
            byte[] damaged = [.. Good];
            foreach (var (at, value) in damage.Item1)
            {
                damaged[at] = value;
            }

            return [.. damaged[..damage.Item2], .. damage.Item3];
        });
    }

    [Fact]
    public void Any_rewrite_of_the_header_is_refused_or_harmless_and_costs_little()
    {
        string header = RawFile.Header(Good);
        string[] pieces = ["0", "1", "-", "9", "99999999999999999999", "1e9", "\"", "{", "}", "[", "]", ",", ":", "null", "true", "F64", "U8", "BOOL", "\\ud800", "layers.1.order", " "];
        var edit = from at in Gen.Int[0, header.Length - 1] from remove in Gen.Int[0, 8] from piece in Gen.Int[0, pieces.Length - 1] select (at, remove, piece);
        ForEach(edit.Array[1, 4], edits =>
        {
            string text = header;
            foreach (var (at, remove, piece) in edits)
            {
                int start = Math.Min(at, text.Length);
                text = text[..start] + pieces[piece] + text[Math.Min(start + remove, text.Length)..];
            }

            return RawFile.Of(text, Good[(8 + header.Length)..]);
        });
    }

    // Generated from a fixed seed: the same cases on every run.
    private static void ForEach<T>(Gen<T> cases, Func<T, byte[]> toFile)
    {
        var random = new PCG(1, 42);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] file = toFile(cases.Generate(random, null, out _));
            try
            {
                _ = Load(file);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Case {i}: {Convert.ToBase64String(file)}", e);
            }
        }
    }

    private static bool Load(byte[] bytes)
    {
        var flow = new StoredFlow();
        float[] values = flow.Values();
        long version = flow.Parameters.Version;
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool loaded = true;
        try
        {
            flow.Load(bytes);
        }
        catch (FlowFileException)
        {
            loaded = false;
        }

        // The pooled buffer, first uses of a code path and an exception with its stack trace cost a constant.
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, 262_144 + (16L * bytes.Length));
        if (loaded)
        {
            Assert.All(flow.Values(), static value => Assert.True(float.IsFinite(value)));
        }
        else
        {
            Assert.Equal(values, flow.Values());
            Assert.Equal(version, flow.Parameters.Version);
        }

        return loaded;
    }
}
