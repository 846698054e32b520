using CsCheck;
using FlowGen.Serialization;
using FlowGen.Tests.Flows;
using FlowGen.Tests.Serialization;
using Xunit;

namespace FlowGen.Tests.Hardening;

/// <summary>Whatever a file of another program holds, its tensors are read and mapped or refused, at a cost that its size bounds.</summary>
[Collection(nameof(Exclusive))]
public sealed class HostileForeignTests
{
    private static readonly string[] Pieces =
    [
        "0", "1", "-", "8", "16", "-1", "99999999999999999999", "9223372036854775807", "1e9", "\"", "{", "}", "[", "]", ",", ":", "null", "true", " ",
        "BOOL", "U8", "I8", "F16", "BF16", "I32", "F64", "U64", "F8_E4M3", "\\ud800", "lin.weight", "__metadata__",
    ];

    private static readonly byte[] Good = Content(
        new SafetensorsContent("lin.weight", [2, 4], new double[] { 1, 2, 3, 4, 5, 6, 7, 8 }.AsMemory()),
        new SafetensorsContent("lin.bias", [1, 4], new float[] { 1, 2, 3, 4 }.AsMemory()),
        new SafetensorsContent("raw", [], new double[] { 0.5 }.AsMemory()),
        new SafetensorsContent("stats", [3], new float[] { 1, -2, 1e30f }.AsMemory()),
        new SafetensorsContent("order", [3], new long[] { 1, 2, 0 }.AsMemory()),
        new SafetensorsContent("ready", [], [true]));

    [Fact]
    public void Any_damage_is_refused_or_harmless_and_costs_little() => ForEach(Damage.OfBytes(Good));

    [Fact]
    public void Any_rewrite_of_the_header_is_refused_or_harmless_and_costs_little() => ForEach(Damage.OfHeader(Good, Pieces));

    [Theory]
    [InlineData("U8", 16, 64_000)]
    [InlineData("BOOL", 8, 64_000)]
    [InlineData("F64", 8, 8_000)]
    public void Numbers_that_become_larger_ones_cost_a_multiple_of_the_file(string type, int perByte, int count)
    {
        int bytes = type == "F64" ? 8 * count : count;
        byte[] file = RawFile.Of($"{{\"wide\":{{\"dtype\":\"{type}\",\"shape\":[{count}],\"data_offsets\":[0,{bytes}]}}}}", new byte[bytes]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var tensors = new ForeignTensors(SafetensorsFile.Open(new MemoryStream(file)));
        Assert.Equal(count, tensors["wide"].Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 262_144 + ((long)perByte * file.Length));
    }

    // Generated from a fixed seed: the same cases on every run.
    private static void ForEach(Gen<byte[]> files)
    {
        var random = new PCG(1, 46);
        int looked = 0, loaded = 0, refused = 0;
        for (int i = 0; i < 8000; i++)
        {
            byte[] file = i == 0 ? Good : files.Generate(random, null, out _);
            var flow = StoredFlow.Filled();
            float[] values = flow.Values();
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                // As a person looks into it, then as a flow takes it.
                using (var tensors = new ForeignTensors(SafetensorsFile.Open(new MemoryStream(file))))
                {
                    foreach (string name in tensors.Names)
                    {
                        var tensor = tensors[name];
                        long count = 1;
                        foreach (int length in tensor.Shape)
                        {
                            count *= length;
                        }

                        Assert.Equal(count, tensor.Count);
                    }
                }

                looked++;
                flow.Load(file, Map());
                loaded++;
                Assert.All(flow.Values(), static value => Assert.True(float.IsFinite(value)));
            }
            catch (FlowFileException e)
            {
                Assert.NotEmpty(e.Message);
                Assert.Equal(values, flow.Values());
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Case {i}: {Convert.ToBase64String(file)}", e);
            }

            // Bytes become doubles; buffers, and an exception with its stack trace, cost a constant.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 262_144 + (64L * file.Length));
        }

        Assert.True(looked > loaded && loaded > 1 && refused > 50, $"{looked} looked into, {loaded} loaded, {refused} refused");
    }

    private static TensorMap Map()
    {
        var map = new TensorMap
        {
            { "layers.0.net.0.weight", static theirs => theirs["lin.weight"].Transpose() },
            { "layers.0.net.0.bias", static theirs => ForeignTensor.Concat(0, theirs["lin.bias"].Reshape(4).Slice(0, 0, 1), theirs["lin.bias"].Reshape(4).Slice(0, 1, 3)) },
            { "layers.0.scale", static theirs => theirs["raw"].Softplus().Log() },
            { "layers.1.order", "order" },
            { "layers.2.bias", static theirs => theirs["stats"].Select(0, [2, 0, 1]) },
            { "layers.2.initialized", "ready" },
        };
        map.Keep("layers.3.running_mean");
        return map;
    }

    private static byte[] Content(params SafetensorsContent[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [], tensors);
        return stream.ToArray();
    }
}
