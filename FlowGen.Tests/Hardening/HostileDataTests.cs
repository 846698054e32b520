using System.IO.Compression;
using System.Text;
using CsCheck;
using FlowGen.Samples;
using FlowGen.Samples.Data;
using Xunit;

namespace FlowGen.Tests.Hardening;

/// <summary>Whatever files of images and tables hold, they are read or refused with a message, at a cost that their size bounds.</summary>
public sealed class HostileDataTests
{
    // A byte of an image becomes a float, in a list that doubles and is copied once.
    private const long PerByte = 24;

    // The best that deflate can do is 1032 bytes for one.
    private const long PerCompressedByte = 1032 * PerByte;

    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 3, .. Enumerable.Range(0, 240).Select(static i => (byte)i)];

    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 200, .. Enumerable.Range(0, 200).Select(static i => (byte)(i % 10))];

    private static readonly string[] Cells =
        ["1", "-2.5", "1e3", "1e-40", "1e39", "NaN", "inf", "", " ", "\"", "\"\"", "\"1\"", "\"1\n2\"", "x", "höhe", "0x10", "1,5", "--1", "\0", "\uFEFF", "99999999999999999999999999999999999999999999"];

    private static readonly string[] Separators = [",", ",", ",", ";", "\t", "\n", "\r\n", "\r", "\n\n"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_damage_to_images_is_refused_or_harmless_and_costs_little(bool compressed) =>
        ForEachDamage(Images, compressed, static file => IdxImages.Read(new MemoryStream(file), "images", 2, 3));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_damage_to_labels_is_refused_or_harmless_and_costs_little(bool compressed) =>
        ForEachDamage(Labels, compressed, static file => Array.ConvertAll(IdxImages.ReadLabels(new MemoryStream(file), "labels"), static label => (float)label));

    [Fact]
    public void A_header_that_promises_the_world_costs_nothing()
    {
        byte[] file = [.. Images];
        file.AsSpan(4, 4).Fill(255);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<SampleException>(() => IdxImages.Read(new MemoryStream(file), "images", 2, 3));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Any_text_is_a_table_or_refused_and_costs_little()
    {
        var cell = Gen.Int[0, Cells.Length - 1].Select(static i => Cells[i]);
        var tidy = Gen.Int[0, 3].Select(static i => Cells[i]);
        var separator = Gen.Int[0, Separators.Length - 1].Select(static i => Separators[i]);
        var row = Gen.Frequency((4, tidy), (1, cell)).Array[0, 5];
        ForEach(
            Gen.Select(row.Array[0, 8], separator.Array[8], Gen.Frequency((4, Gen.Const("\n")), (1, separator)), Gen.Byte.Array[0, 2]),
            static table =>
            {
                var text = new StringBuilder();
                for (int i = 0; i < table.Item1.Length; i++)
                {
                    text.AppendJoin(i % 4 == 3 ? table.Item2[i] : ",", table.Item1[i]).Append(table.Item3);
                }

                return [.. Encoding.UTF8.GetBytes(text.ToString()), .. table.Item4];
            },
            static file => CsvTable.Read(new StreamReader(new MemoryStream(file)), "data.csv", null, []).Values,
            400);
    }

    private static void ForEachDamage(byte[] content, bool compressed, Func<byte[], float[]> read)
    {
        byte[] good = compressed ? Compress(content) : content;
        ForEach(
            Damage.OfBytes(good),
            static file => file,
            read,
            compressed ? PerCompressedByte : PerByte);
    }

    private static void ForEach<T>(Gen<T> cases, Func<T, byte[]> toFile, Func<byte[], float[]> read, long perByte)
    {
        var random = new PCG(1, 44);
        int accepted = 0, refused = 0;
        for (int i = 0; i < 8000; i++)
        {
            byte[] file = toFile(cases.Generate(random, null, out _));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Assert.All(read(file), static value => Assert.True(float.IsFinite(value)));
                accepted++;
            }
            catch (Exception e) when (e is SampleException or InvalidDataException)
            {
                // A damaged compressed stream is told by the library; the reader of paths makes a SampleException of it.
                Assert.NotEmpty(e.Message);
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Case {i}: {Convert.ToBase64String(file)}", e);
            }

            // Decoder, parser and an exception with its stack trace cost a constant.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 262_144 + (perByte * file.Length));
        }

        Assert.True(accepted > 100 && refused > 100, $"{accepted} accepted, {refused} refused");
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }
}
