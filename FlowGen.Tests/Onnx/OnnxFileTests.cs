using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>Exported files are replaced as a whole or not at all.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("flowgen-onnx-").FullName;
    private readonly PlaneGlow flow = FlowFixture.Scramble(new PlaneGlow(), seed: 3);

    [Fact]
    public void A_file_holds_what_a_stream_gets()
    {
        string path = Path.Combine(directory, "a graph, ü.onnx");
        File.WriteAllText(path, "what was here before");
        flow.ExportOnnx(OnnxGraph.LogProb, path);
        Assert.Equal(OnnxSession.Export(flow, OnnxGraph.LogProb), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(directory));
        flow.ExportOnnx(OnnxGraph.Sample, path, new OnnxOptions { DrawNoise = true });
        Assert.Equal(OnnxSession.Export(flow, OnnxGraph.Sample, new OnnxOptions { DrawNoise = true }), File.ReadAllBytes(path));
    }

    [Fact]
    public void A_failure_leaves_the_previous_file()
    {
        string path = Path.Combine(directory, "mint.onnx");
        File.WriteAllText(path, "what was here before");
        var mint = FlowFixture.Scramble(FlowZoo.Create("3: MintPair(Paths = 3)"), seed: 1);
        var error = Assert.Throws<NotSupportedException>(() => mint.ExportOnnx(OnnxGraph.Sample, path));
        Assert.Equal("Layer 1 (MintLayer(Upper, Paths = 3)) cannot be exported backwards: a Mint layer is inverted by iteration. Forward and LogProb can.", error.Message);
        Assert.Equal("what was here before", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void Paths_that_are_no_files_are_named()
    {
        Assert.Contains("is a directory", Assert.Throws<IOException>(() => flow.ExportOnnx(OnnxGraph.Forward, directory)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => flow.ExportOnnx(OnnxGraph.Forward, Path.Combine(directory, "none", "a.onnx")));
        Assert.Throws<ArgumentNullException>(() => flow.ExportOnnx(OnnxGraph.Forward, (Stream)null!));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(directory, recursive: true);
}
