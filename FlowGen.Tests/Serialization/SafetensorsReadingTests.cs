using System.Text;
using FlowGen.Serialization;
using Xunit;

namespace FlowGen.Tests.Serialization;

public sealed class SafetensorsReadingTests
{
    [Theory]
    [InlineData("BOOL", new byte[] { 0, 1 }, new double[] { 0, 1 })]
    [InlineData("U8", new byte[] { 0, 255 }, new double[] { 0, 255 })]
    [InlineData("I8", new byte[] { 0x80, 0x7f }, new double[] { -128, 127 })]
    [InlineData("U16", new byte[] { 1, 2, 0xff, 0xff }, new double[] { 513, 65535 })]
    [InlineData("I16", new byte[] { 1, 2, 0xff, 0xff }, new double[] { 513, -1 })]
    [InlineData("F16", new byte[] { 0x00, 0x3c, 0x00, 0xc5 }, new double[] { 1, -5 })]
    [InlineData("BF16", new byte[] { 0x80, 0x3f, 0xa0, 0xc0 }, new double[] { 1, -5 })]
    [InlineData("U32", new byte[] { 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, new double[] { 1, 4294967295 })]
    [InlineData("I32", new byte[] { 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff }, new double[] { 1, -1 })]
    [InlineData("F32", new byte[] { 0, 0, 0x80, 0x3f, 0, 0, 0xa0, 0xc0 }, new double[] { 1, -5 })]
    [InlineData("U64", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 }, new double[] { 1, 9223372036854775808 })]
    [InlineData("I64", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, new double[] { 1, -2 })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0x14, 0xc0 }, new double[] { 1, -5 })]
    public void Every_element_type_is_read_as_double(string type, byte[] data, double[] expected)
    {
        byte[] bytes = RawFile.Of($$"""{"t":{"dtype":"{{type}}","shape":[2],"data_offsets":[0,{{data.Length}}] } }""", data);
        using var file = SafetensorsFile.Open(new MemoryStream(bytes));
        double[] values = new double[2];
        file.Read(file.ByName["t"], values);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void Tensors_longer_than_the_buffer_are_read_whole()
    {
        float[] values = [.. Enumerable.Range(0, 100_003).Select(static i => (float)i)];
        var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [], [new SafetensorsContent("t", [100_003], values.AsMemory()), new SafetensorsContent("d", [1, 1], new double[] { Math.PI }.AsMemory())]);
        stream.Position = 0;
        using var file = SafetensorsFile.Open(stream);
        float[] read = new float[values.Length];
        double[] pi = new double[1];
        file.Read(file.ByName["t"], read.AsSpan());
        file.Read(file.ByName["d"], pi.AsSpan());
        Assert.Equal(values, read);
        Assert.Equal(Math.PI, pi[0]);
    }

    [Fact]
    public void Metadata_scalars_empty_tensors_escapes_and_unknown_fields_are_read()
    {
        byte[] bytes = RawFile.Of("""{"__metadata__":{"a":"b"},"\u00e4\n":{"dtype":"U8","shape":[],"later":{"x":[1,{}]},"data_offsets":[0,1]},"none":{"dtype":"F32","shape":[0,5],"data_offsets":[1,1]}}   """, 7);
        using var file = SafetensorsFile.Open(new MemoryStream(bytes));
        Assert.Equal("b", file.Metadata["a"]);
        Assert.Equal(["ä\n", "none"], file.Entries.Select(static entry => entry.Name));
        double[] value = new double[1];
        file.Read(file.Entries[0], value);
        Assert.Equal([7.0], value);
        file.Read(file.Entries[1], Array.Empty<double>());
    }

    [Fact]
    public void A_stream_that_cannot_seek_is_read_from_where_it_is()
    {
        byte[] bytes = [1, 2, 3, .. RawFile.Of("""{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 7, 8)];
        foreach (bool seekable in new[] { true, false })
        {
            Stream stream = seekable ? new MemoryStream(bytes) : new ForwardOnlyStream(bytes);
            stream.ReadExactly(new byte[3]);
            using (var file = SafetensorsFile.Open(stream))
            {
                double[] values = new double[2];
                file.Read(file.ByName["t"], values);
                Assert.Equal([7.0, 8.0], values);
            }

            Assert.Equal(-1, stream.ReadByte());
        }
    }

    public static TheoryData<string, byte[], string> Hostile()
    {
        byte[] one = RawFile.Of("""{"t":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 7, 8);
        return new TheoryData<string, byte[], string>
        {
            { "nothing", [], "0 bytes" },
            { "seven bytes", new byte[7], "7 bytes" },
            { "an empty header", RawFile.WithLength(0), "shortest" },
            { "a header beyond the file", RawFile.WithLength(1000, 1, 2, 3), "1000 bytes, but only 3" },
            { "a header beyond the format", RawFile.WithLength(100_000_001, 1, 2, 3), "100000001" },
            { "the largest header", RawFile.WithLength(ulong.MaxValue, 1, 2, 3), "18446744073709551615" },
            { "a header that is negative as signed", RawFile.WithLength(1UL << 63, 1, 2, 3), "9223372036854775808" },
            { "no object", RawFile.Of("[1,2,3]"), "0x5b" },
            { "a byte order mark", RawFile.Of([0xEF, 0xBB, 0xBF, .. "{}"u8]), "0xef" },
            { "broken JSON", RawFile.Of("{\"t\":"), "not valid JSON" },
            { "something after the JSON", RawFile.Of("{} {}"), "not valid JSON" },
            { "a comment", RawFile.Of("{/**/}"), "not valid JSON" },
            { "text that is not UTF-8", RawFile.Of([.. "{\""u8, 0xff, 0xfe, .. "\":{}}"u8]), "not valid JSON" },
            { "half a surrogate", RawFile.Of("""{"\ud800":{"dtype":"U8","shape":[],"data_offsets":[0,0]}}"""), "not valid JSON" },
            { "deep nesting", RawFile.Of("{\"t\":" + new string('[', 100_000)), "expected StartObject" },
            { "deep nesting in an unknown field", RawFile.Of("{\"t\":{\"x\":" + new string('[', 100_000)), "not valid JSON" },
            { "a tensor that is a number", RawFile.Of("""{"t":5}"""), "expected StartObject, found Number" },
            { "metadata that are a list", RawFile.Of("""{"__metadata__":[]}"""), "expected StartObject" },
            { "metadata that are no text", RawFile.Of("""{"__metadata__":{"a":1}}"""), "'a' must be a string" },
            { "metadata twice", RawFile.Of("""{"__metadata__":{},"__metadata__":{}}"""), "twice" },
            { "a metadata key twice", RawFile.Of("""{"__metadata__":{"a":"","a":""}}"""), "twice" },
            { "too many metadata", RawFile.Of("{\"__metadata__\":{" + string.Join(',', Enumerable.Range(0, 10_001).Select(static i => $"\"{i}\":\"\"")) + "}}"), "10000" },
            { "a tensor twice", RawFile.Of("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"t":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 1, 2), "'t' appears twice" },
            { "a field twice", RawFile.Of("""{"t":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}""", 1), "twice" },
            { "no dtype", RawFile.Of("""{"t":{"shape":[1],"data_offsets":[0,1]}}""", 1), "lacks its dtype" },
            { "no shape", RawFile.Of("""{"t":{"dtype":"U8","data_offsets":[0,1]}}""", 1), "lacks its shape" },
            { "no offsets", RawFile.Of("""{"t":{"dtype":"U8","shape":[1]}}""", 1), "lacks its data_offsets" },
            { "an unknown dtype", RawFile.Of("""{"t":{"dtype":"Q4","shape":[1],"data_offsets":[0,1]}}""", 1), "'Q4'" },
            { "a dtype that is a number", RawFile.Of("""{"t":{"dtype":4,"shape":[1],"data_offsets":[0,1]}}""", 1), "expected String" },
            { "a negative length", RawFile.Of("""{"t":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1), "negative number -1" },
            { "two negative lengths", RawFile.Of("""{"t":{"dtype":"U8","shape":[-1,-1],"data_offsets":[0,1]}}""", 1), "negative number -1" },
            { "a fraction", RawFile.Of("""{"t":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1), "whole numbers" },
            { "a number beyond 64 bits", RawFile.Of("""{"t":{"dtype":"U8","shape":[18446744073709551617],"data_offsets":[0,1]}}""", 1), "whole numbers" },
            { "text for a length", RawFile.Of("""{"t":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}""", 1), "whole numbers" },
            { "a shape whose product overflows", RawFile.Of("""{"t":{"dtype":"U8","shape":[4294967296,4294967297],"data_offsets":[0,1]}}""", 1), "more than 2^63" },
            { "a size that overflows", RawFile.Of("""{"t":{"dtype":"F64","shape":[2305843009213693953],"data_offsets":[0,8]}}""", new byte[8]), "18446744073709551624 bytes" },
            { "too many dimensions", RawFile.Of("{\"t\":{\"dtype\":\"U8\",\"shape\":[" + string.Join(',', Enumerable.Repeat(1, 65)) + "],\"data_offsets\":[0,1]}}", 1), "more than 64" },
            { "one offset", RawFile.Of("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[0]}}""", 1), "1 numbers" },
            { "three offsets", RawFile.Of("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}""", 1), "more than 2" },
            { "a negative offset", RawFile.Of("""{"t":{"dtype":"U8","shape":[2],"data_offsets":[-1,1]}}""", 1), "negative number -1" },
            { "offsets the wrong way round", RawFile.Of("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1), "1 to 0" },
            { "offsets beyond the file", RawFile.Of("""{"t":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}""", 1), "0 to 9 are not within the 1 bytes" },
            { "the largest offsets", RawFile.Of("""{"t":{"dtype":"U8","shape":[0],"data_offsets":[9223372036854775807,9223372036854775807]}}"""), "not within" },
            { "offsets that do not fit the shape", RawFile.Of("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,2]}}""", 1, 2), "takes 4 bytes, its data_offsets span 2" },
            { "overlapping tensors", RawFile.Of("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 1, 2, 3), "'b': its bytes 1 to 3 overlap those of 'a', 0 to 2" },
            { "the same bytes twice", RawFile.Of("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 1, 2), "overlap" },
            { "a gap", RawFile.Of("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 1, 2), "no gaps" },
            { "trailing bytes", [.. one, 9], "1 bytes follow" },
            { "a missing byte", one[..^1], "truncated" },
            { "a name of control characters", RawFile.Of("""{"\u001b[2J":{"dtype":"U8","shape":[1],"data_offsets":[0,2]}}""", 1, 2), "\\u001b[2J" },
        };
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_files_are_refused_with_what_was_found(string what, byte[] bytes, string expected)
    {
        foreach (bool seekable in new[] { true, false })
        {
            var e = Assert.Throws<FlowFileException>(() =>
            {
                using var file = SafetensorsFile.Open(seekable ? new MemoryStream(bytes) : new ForwardOnlyStream(bytes));
            });
            Assert.True(e.Message.Contains(expected, StringComparison.Ordinal), $"{what}: {e.Message}");
            Assert.DoesNotContain('\u001b', e.Message);
            Assert.InRange(e.Message.Length, 10, 600);
        }
    }

    [Fact]
    public void Long_names_do_not_flood_messages()
    {
        byte[] bytes = RawFile.Of($$"""{"{{new string('x', 1_000_000)}}":5}""");
        var e = Assert.Throws<FlowFileException>(() => SafetensorsFile.Open(new MemoryStream(bytes)));
        Assert.InRange(e.Message.Length, 10, 600);
    }

    [Fact]
    public void A_header_of_many_tensors_costs_a_small_multiple_of_its_size()
    {
        string many = "{" + string.Join(',', Enumerable.Range(0, 20_000).Select(static i => $$"""  "{{i}}":{"dtype":"U8","shape":[],"data_offsets":[0,1]}""")) + "}";
        byte[] bytes = RawFile.Of(Encoding.UTF8.GetBytes(many), 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FlowFileException>(() => SafetensorsFile.Open(new MemoryStream(bytes)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10L * bytes.Length);
    }

    [Fact]
    public void A_directory_or_a_missing_file_is_named()
    {
        string directory = Path.GetTempPath();
        Assert.Contains("is a directory", Assert.Throws<FlowFileException>(() => SafetensorsFile.Open(directory)).Message);
        string missing = Path.Combine(directory, Guid.NewGuid().ToString("N"));
        Assert.Contains(missing, Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(missing)).Message);
        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => SafetensorsFile.Open(Path.Combine(missing, "f"))).Message);
    }
}
