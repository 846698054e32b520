using System.IO.Compression;
using FlowGen.Samples.Data;
using Xunit;

namespace FlowGen.Tests.Samples;

public sealed class IdxImagesTests
{
    private static readonly byte[] TwoImages = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, .. Enumerable.Range(244, 12).Select(static i => (byte)i)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_AreRead(bool compressed)
    {
        float[] images = IdxImages.Read(new MemoryStream(compressed ? Compress(TwoImages) : TwoImages), "images", 2, 3);
        Assert.Equal(Enumerable.Range(244, 12).Select(static i => (float)i), images);
    }

    [Theory]
    [InlineData(0, "expected the 16 bytes of an idx header, found 0")]
    [InlineData(15, "expected the 16 bytes of an idx header, found 15")]
    [InlineData(16, "the header promises 2 images, the file ends in image 1 after 0 of 6 bytes")]
    [InlineData(27, "the header promises 2 images, the file ends in image 2 after 5 of 6 bytes")]
    public void TruncatedFiles_AreTold(int length, string message)
    {
        Assert.Contains(message, Fail(TwoImages[..length]), StringComparison.Ordinal);
        Assert.Contains(message, Fail(Compress(TwoImages[..length])), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingEndOfACompressedFile_IsTold()
    {
        byte[] pixels = new byte[16 + (64 * 6)];
        System.Random random = new(3);
        random.NextBytes(pixels);
        new byte[] { 0, 0, 8, 3, 0, 0, 0, 64, 0, 0, 0, 2, 0, 0, 0, 3 }.CopyTo(pixels, 0);
        byte[] file = Compress(pixels);
        Assert.ThrowsAny<Exception>(() => IdxImages.Read(new MemoryStream(file[..(file.Length / 2)]), "images", 2, 3));
    }

    [Theory]
    [InlineData(3, 1, "found 0x00000801 (those are labels)")]
    [InlineData(2, 13, "magic number 0x00000803, found 0x00000D03")]
    [InlineData(0, 1, "magic number 0x00000803")]
    [InlineData(11, 3, "expected images of 2 x 3, found 3 x 3")]
    [InlineData(12, 255, "expected images of 2 x 3, found 2 x 4278190083")]
    [InlineData(4, 255, "the header promises 4278190082 images")]
    [InlineData(7, 1, "expected the end of the file after 1 images, found more bytes")]
    [InlineData(7, 0, "expected images, found none")]
    public void WrongHeaders_AreTold(int position, byte value, string message)
    {
        byte[] file = [.. TwoImages];
        file[position] = value;
        Assert.Contains(message, Fail(file), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingDirectoryAndFile_AreTold()
    {
        string directory = Path.Combine(Path.GetTempPath(), $"flowgen-{Guid.NewGuid():N}");
        Assert.Contains("There is no directory", Assert.Throws<SampleException>(() => IdxImages.Read(directory, "t10k-images-idx3-ubyte", 28, 28)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(directory);
        try
        {
            Assert.Contains(
                "holds neither t10k-images-idx3-ubyte nor t10k-images-idx3-ubyte.gz",
                Assert.Throws<SampleException>(() => IdxImages.Read(directory, "t10k-images-idx3-ubyte", 28, 28)).Message,
                StringComparison.Ordinal);
            File.WriteAllBytes(Path.Combine(directory, "t10k-images-idx3-ubyte.gz"), [0x1F, 0x8B, 1, 2, 3]);
            Assert.StartsWith("Cannot read", Assert.Throws<SampleException>(() => IdxImages.Read(directory, "t10k-images-idx3-ubyte", 28, 28)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Fail(byte[] file) => Assert.Throws<SampleException>(() => IdxImages.Read(new MemoryStream(file), "images", 2, 3)).Message;

    private static byte[] Compress(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var zip = new GZipStream(target, CompressionLevel.Optimal))
        {
            zip.Write(bytes);
        }

        return target.ToArray();
    }
}
