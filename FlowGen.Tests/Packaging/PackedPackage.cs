using System.IO.Compression;
using Xunit;

namespace FlowGen.Tests.Packaging;

/// <summary>The packages, packed once from what was built with these tests, into a directory of its own outside the repository.</summary>
public class PackedPackage : IAsyncLifetime
{
    private readonly string? version;

    public PackedPackage()
    {
    }

    /// <summary>Under another version than the project has.</summary>
    protected PackedPackage(string version) => this.version = version;

    /// <summary>A directory that is deleted at the end.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("flowgen-package-").FullName;

    /// <summary>The packed file.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The packed file of the export to ONNX.</summary>
    public string Onnx { get; private set; } = "";

    /// <summary>The packed file of the overloads for tensors.</summary>
    public string Tensors { get; private set; } = "";

    /// <summary>A local feed that holds the packed files alone.</summary>
    public string Feed => System.IO.Path.Combine(Directory, "feed");

    public async ValueTask InitializeAsync()
    {
        Path = await Pack(Feed, TestContext.Current.CancellationToken, version);
        Onnx = await Pack(Feed, TestContext.Current.CancellationToken, version, "FlowGen.Onnx");
        Tensors = await Pack(Feed, TestContext.Current.CancellationToken, version, "FlowGen.Tensors");
    }

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Packs a project into a directory, under the version that the project has or another one.</summary>
    public static async Task<string> Pack(string directory, CancellationToken cancellation, string? version = null, string project = "FlowGen.Runtime")
    {
        string[] before = System.IO.Directory.Exists(directory) ? System.IO.Directory.GetFiles(directory) : [];

        // Whoever runs these tests has built what is packed; building it once more would write below the feet of other tests.
        var (exitCode, output) = await DotnetCommand.Run(
            DotnetCommand.Root,
            ["pack", $"{project}/{project}.csproj", "-c", DotnetCommand.Configuration, "--no-build", "-o", directory, .. version is null ? Array.Empty<string>() : [$"-p:PackageVersion={version}"]],
            cancellation);
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        return Assert.Single(System.IO.Directory.GetFiles(directory).Except(before));
    }

    /// <summary>The content of a file in the package.</summary>
    public byte[] Read(string name) => Read(Path, name);

    /// <summary>The content of a file in a package.</summary>
    public static byte[] Read(string package, string name)
    {
        using var zip = ZipFile.OpenRead(package);
        using var entry = (zip.GetEntry(name) ?? throw new FileNotFoundException(name)).Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }
}
