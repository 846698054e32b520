using System.Buffers.Binary;
using System.Text.Json;
using Xunit;

namespace FlowGen.Tests.Serialization;

public sealed class ParameterFileTests
{
    [Fact]
    public void Every_kind_of_tensor_survives_the_round_trip_bit_by_bit()
    {
        var saved = StoredFlow.Filled();
        var loaded = new StoredFlow("OtherName");
        long version = loaded.Parameters.Version;
        loaded.Load(saved.Save());
        Assert.Equal(saved.Values(), loaded.Values());
        Assert.True(loaded.Parameters.Version > version);
        Assert.Equal([1f], loaded.Parameters["layers.2.initialized"].Values.ToArray());
    }

    [Fact]
    public void The_file_is_what_the_format_prescribes()
    {
        byte[] bytes = StoredFlow.Filled().Save();
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0UL, length % 8);
        using var header = JsonDocument.Parse(RawFile.Header(bytes).TrimEnd(' '));
        Assert.EndsWith("}", RawFile.Header(bytes).TrimEnd(' '));
        var metadata = header.RootElement.GetProperty("__metadata__");
        Assert.Equal("flowgen", metadata.GetProperty("format").GetString());
        Assert.Equal("Stored", metadata.GetProperty("flow").GetString());
        Assert.Equal("(3)", metadata.GetProperty("shape").GetString());
        Assert.Equal("StandardNormal", metadata.GetProperty("prior").GetString());
        Assert.Equal("AffineCoupling(4)\nPermute(2, 0, 1)\nActNorm\nBatchNorm", metadata.GetProperty("layers").GetString());
        Assert.Equal(new StoredFlow().Description.Hash, metadata.GetProperty("hash").GetString());

        long end = 0;
        foreach (var entry in header.RootElement.EnumerateObject().Where(static entry => entry.Name != "__metadata__"))
        {
            Assert.Equal(end, entry.Value.GetProperty("data_offsets")[0].GetInt64());
            end = entry.Value.GetProperty("data_offsets")[1].GetInt64();
        }

        Assert.Equal(bytes.Length - 8 - (long)length, end);
        Assert.Equal(("I64", 3), Form("layers.1.order"));
        Assert.Equal(("BOOL", -1), Form("layers.2.initialized"));
        Assert.Equal(("F32", 4), Form("layers.0.net.0.weight"));

        (string?, int) Form(string name)
        {
            var entry = header.RootElement.GetProperty(name);
            var shape = entry.GetProperty("shape");
            return (entry.GetProperty("dtype").GetString(), shape.GetArrayLength() == 0 ? -1 : shape[0].GetInt32());
        }
    }

    [Theory]
    [InlineData("layers.2.bias", "layers.2.shift", "Missing: 'layers.2.bias'. Unexpected: 'layers.2.shift'.")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[4,2]", "\"dtype\":\"F32\",\"shape\":[2,4]", "layers.0.net.0.weight: expected F32 [4, 2], found F32 [2, 4]")]
    [InlineData("\"dtype\":\"F32\",\"shape\":[4,2]", "\"dtype\":\"I32\",\"shape\":[4,2]", "expected F32 [4, 2], found I32 [4, 2]")]
    [InlineData("\"dtype\":\"BOOL\"", "\"dtype\":\"U8\"", "layers.2.initialized: expected BOOL [], found U8 []")]
    [InlineData("\"dtype\":\"I64\"", "\"dtype\":\"U64\"", "layers.1.order: expected I64 [3], found U64 [3]")]
    [InlineData("\"format\":\"flowgen\"", "\"format\":\"pt\"", "'pt'; 'flowgen' was expected")]
    [InlineData("\"format\":", "\"form\":", "no format")]
    [InlineData("\"hash\":\"", "\"hash\":\"0", "reads like that of Stored, but its hash")]
    public void A_header_that_does_not_fit_the_flow_is_refused(string old, string replacement, string message) =>
        AssertRefused(new StoredFlow(), RawFile.Edit(StoredFlow.Filled().Save(), old, replacement), message);

    [Fact]
    public void A_file_of_another_flow_is_refused_with_the_first_difference()
    {
        byte[] file = StoredFlow.Filled().Save();
        AssertRefused(new StoredFlow(third: "Rescale"), file, "Layer 2 of Stored is Rescale, layer 2 of 'Stored' in the file is 'ActNorm' (4 layers here, 4 in the file)");
        AssertRefused(new StoredFlow(prior: Prior.StandardLogistic), file, "The prior of Stored is StandardLogistic, that of 'Stored' in the file is 'StandardNormal'");
        AssertRefused(new StoredFlow(size: 4), file, "The shape of Stored is (4), that of 'Stored' in the file is '(3)'");
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "∞")]
    public void Values_that_are_not_finite_are_neither_loaded_nor_saved(float value, string shown)
    {
        var flow = StoredFlow.Filled();
        byte[] file = flow.Save();
        // The scalar scale is the last trainable of its layer; find its bytes by value.
        float scale = flow.Parameters["layers.0.scale"].Values[0];
        byte[] pattern = BitConverter.GetBytes(scale);
        int at = file.AsSpan().IndexOf(pattern);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(at), value);
        AssertRefused(new StoredFlow(), file, $"layers.0.scale []: the value at 0 is {value}");

        flow.Parameters.Update(trainables => trainables[9] = value);
        var e = Assert.Throws<InvalidOperationException>(() => flow.Save());
        Assert.Contains("layers.0.net.0.bias [4] has the value " + shown.Replace("∞", float.PositiveInfinity.ToString()), e.Message);
    }

    [Theory]
    [InlineData(0, 3, "the index at 0 is 3")]
    [InlineData(0, -1, "the index at 0 is -1")]
    [InlineData(1, 2, "the index 2 appears a second time at 1")]
    public void Indices_that_are_no_permutation_are_refused(int position, long index, string message)
    {
        byte[] file = StoredFlow.Filled().Save();
        // Indices are the widest elements, so they come first.
        int data = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(data + (8 * position)), index);
        AssertRefused(new StoredFlow(), file, message);
    }

    [Fact]
    public void Flags_that_are_neither_true_nor_false_are_refused()
    {
        byte[] file = StoredFlow.Filled().Save();
        file[^1] = 2;
        AssertRefused(new StoredFlow(), file, "the flag at 0 is 2");
    }

    internal static void AssertRefused(StoredFlow flow, byte[] file, string message)
    {
        float[] before = flow.Values();
        long version = flow.Parameters.Version;
        var e = Assert.Throws<FlowFileException>(() => flow.Load(file));
        Assert.Contains(message, e.Message);
        Assert.Equal(before, flow.Values());
        Assert.Equal(version, flow.Parameters.Version);
    }
}
