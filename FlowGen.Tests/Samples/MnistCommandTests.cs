using System.Buffers.Binary;
using Spectre.Console;
using Xunit;

namespace FlowGen.Tests.Samples;

/// <summary>The commands on images, from files to pictures, on a few blurred bars in the place of digits.</summary>
public sealed class MnistCommandTests : IDisposable
{
    static MnistCommandTests() => AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) });

    private readonly string directory = Directory.CreateTempSubdirectory("flowgen-").FullName;

    [Theory]
    [InlineData("glow-mnist")]
    [InlineData("realnvp-mnist")]
    public async Task ImageFlow_IsTrainedDrawnAndResumed(string command)
    {
        Write("train", 36);
        Write("t10k", 14);
        string target = Path.Combine(directory, "out");
        Assert.Equal("", await Run(command, "--data", directory, "--epochs", "1", "--batch", "11", "--out", target));
        string[] files = [$"{command}.safetensors", $"{command}-checkpoint.safetensors", $"{command}-training.csv"];
        string[] pictures = [$"{command}-training.png", $"{command}-samples.png", $"{command}-interpolation.png", $"{command}-levels.png"];
        Assert.All([.. files, .. pictures], file => Assert.True(File.Exists(Path.Combine(target, file)), file));
        Assert.All(pictures, picture => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(Path.Combine(target, picture))[..4]));

        byte[] weights = await File.ReadAllBytesAsync(Path.Combine(target, files[0]), TestContext.Current.CancellationToken);
        Assert.Equal("", await Run(command, "--data", directory, "--epochs", "2", "--batch", "11", "--out", target, "--resume"));
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(target, files[2]), TestContext.Current.CancellationToken);
        Assert.Equal("epoch,training_bits_per_dim,validation_bits_per_dim,seconds", lines[0]);
        Assert.Equal(3, lines.Length);
        Assert.NotEqual(weights, await File.ReadAllBytesAsync(Path.Combine(target, files[0]), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Outliers_AreScored()
    {
        Write("train", 60);
        Write("t10k", 20);
        Assert.Equal("", await Run("outliers", "--data", directory, "--digit", "1", "--epochs", "2", "--batch", "8", "--out", directory));
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(directory, "outliers-1.csv"), TestContext.Current.CancellationToken);
        Assert.Equal("image,digit,log_density,anomaly_rank,log_ratio", lines[0]);
        Assert.Equal(20, lines.Skip(1).Select(static line => line.Split(',')[3]).Distinct().Count());
        Assert.Equal(["0", "1", "0", "1"], lines[1..5].Select(static line => line.Split(',')[1]));
        Assert.All((string[])["outliers-1.png", "outliers-1-training.csv", "outliers-1-all-training.csv"], file => Assert.True(File.Exists(Path.Combine(directory, file)), file));
    }

    [Fact]
    public async Task Mistakes_NameWhatIsMissing()
    {
        Write("train", 36);
        Assert.Contains("holds neither t10k-images-idx3-ubyte", await Run("glow-mnist", "--data", directory, "--out", directory), StringComparison.Ordinal);
        Write("t10k", 14);
        Assert.Contains("There is no checkpoint", await Run("glow-mnist", "--data", directory, "--out", directory, "--resume"), StringComparison.Ordinal);
        Assert.Contains("found 0 training images", await Run("outliers", "--data", directory, "--digit", "7", "--out", directory), StringComparison.Ordinal);
        Assert.Contains("expected 0 to 9, found 10", await Run("outliers", "--data", directory, "--digit", "10", "--out", directory), StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(directory, "t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 5]);
        Assert.Contains("holds 14 images, but t10k-labels-idx1-ubyte 1 labels", await Run("outliers", "--data", directory, "--digit", "1", "--out", directory), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    /// <summary>Even images have a horizontal bar and the label 0, odd ones a vertical bar and the label 1.</summary>
    private void Write(string part, int count)
    {
        var random = new System.Random(count);
        byte[] images = new byte[16 + (count * 784)];
        byte[] labels = new byte[8 + count];
        new byte[] { 0, 0, 8, 3 }.CopyTo(images, 0);
        new byte[] { 0, 0, 8, 1 }.CopyTo(labels, 0);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(8), 28);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(12), 28);
        BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), count);
        for (int i = 0; i < count; i++)
        {
            labels[8 + i] = (byte)(i % 2);
            int place = random.Next(6, 22);
            for (int pixel = 0; pixel < 784; pixel++)
            {
                int distance = Math.Abs((i % 2 == 0 ? pixel / 28 : pixel % 28) - place);
                images[16 + (i * 784) + pixel] = (byte)Math.Max(0, 240 - (80 * distance) + random.Next(15));
            }
        }

        File.WriteAllBytes(Path.Combine(directory, part + "-images-idx3-ubyte"), images);
        File.WriteAllBytes(Path.Combine(directory, part + "-labels-idx1-ubyte"), labels);
    }

    private static async Task<string> Run(params string[] args)
    {
        var errors = new StringWriter();
        int code = await FlowGen.Samples.Program.Run(args, errors);
        Assert.Equal(errors.ToString().Length == 0 ? 0 : 1, code);
        return errors.ToString();
    }
}
