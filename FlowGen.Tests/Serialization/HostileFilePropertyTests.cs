using CsCheck;
using FlowGen.Tests.Hardening;
using Xunit;

namespace FlowGen.Tests.Serialization;

public sealed class HostileFilePropertyTests
{
    private static readonly string[] Pieces =
        ["0", "1", "-", "9", "99999999999999999999", "1e9", "\"", "{", "}", "[", "]", ",", ":", "null", "true", "F64", "U8", "BOOL", "\\ud800", "layers.1.order", " "];

    private static readonly byte[] Good = StoredFlow.Filled().Save();

    [Fact]
    public void Any_damage_is_refused_or_harmless_and_costs_little()
    {
        Assert.True(Load(Good));
        ForEach(Damage.OfBytes(Good));
    }

    [Fact]
    public void Any_rewrite_of_the_header_is_refused_or_harmless_and_costs_little() => ForEach(Damage.OfHeader(Good, Pieces));

    // Generated from a fixed seed: the same cases on every run.
    private static void ForEach(Gen<byte[]> files)
    {
        var random = new PCG(1, 42);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] file = files.Generate(random, null, out _);
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
