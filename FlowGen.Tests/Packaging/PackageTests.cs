using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace FlowGen.Tests.Packaging;

/// <summary>What a stranger gets: one file, and all that it takes.</summary>
public sealed partial class PackageTests(PackedPackage package) : IClassFixture<PackedPackage>
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Holds_the_runtime_and_what_the_compiler_loads_and_nothing_else()
    {
        using var zip = ZipFile.OpenRead(package.Path);
        string[] expected =
        [
            "FlowGen.nuspec", "LICENSE", "README.md", "analyzers/dotnet/cs/FlowGen.CodeFixes.dll", "analyzers/dotnet/cs/FlowGen.Generator.dll",
            "buildTransitive/FlowGen.targets", "icon.png", "lib/net10.0/FlowGen.Runtime.dll", "lib/net10.0/FlowGen.Runtime.xml",
        ];
        Assert.Equal(expected, zip.Entries.Select(static entry => entry.FullName).Where(static name => name[0] is not ('_' or '[') && !name.StartsWith("package/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], package.Read("icon.png")[..4]);
    }

    [Fact]
    public void Says_what_it_is_and_depends_on_nothing()
    {
        var nuspec = XDocument.Parse(Encoding.UTF8.GetString(package.Read("FlowGen.nuspec")).TrimStart('\uFEFF'));
        var metadata = nuspec.Root!.Elements().Single();
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal("FlowGen", Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.NotEmpty(Value("description")!);
        Assert.NotEmpty(Value("projectUrl")!);
        var repository = metadata.Elements().Single(static element => element.Name.LocalName == "repository");
        Assert.Equal("git", repository.Attribute("type")?.Value);
        Assert.Equal(Value("projectUrl"), repository.Attribute("url")?.Value);

        // Sources outside a repository have none.
        Assert.Matches("^([0-9a-f]{40})?$", repository.Attribute("commit")?.Value ?? "");
        var dependencies = metadata.Elements().Single(static element => element.Name.LocalName == "dependencies");
        Assert.Equal("net10.0", dependencies.Elements().Single().Attribute("targetFramework")?.Value);
        Assert.Empty(dependencies.Elements().Single().Elements());
    }

    [Fact]
    public void The_export_to_Onnx_depends_on_this_version_alone()
    {
        using var zip = ZipFile.OpenRead(package.Onnx);
        string[] expected = ["FlowGen.Onnx.nuspec", "README.md", "icon.png", "lib/net10.0/FlowGen.Onnx.dll", "lib/net10.0/FlowGen.Onnx.xml"];
        Assert.Equal(expected, zip.Entries.Select(static entry => entry.FullName).Where(static name => name[0] is not ('_' or '[') && !name.StartsWith("package/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var nuspec = XDocument.Parse(Encoding.UTF8.GetString(PackedPackage.Read(package.Onnx, "FlowGen.Onnx.nuspec")).TrimStart('\uFEFF'));
        var dependency = Assert.Single(nuspec.Descendants(), static element => element.Name.LocalName == "dependency");
        Assert.Equal("FlowGen", dependency.Attribute("id")?.Value);
        Assert.Equal("[0.1.0]", dependency.Attribute("version")?.Value);
    }

    [Fact]
    public void The_overloads_for_tensors_depend_on_the_library_of_tensors_and_on_FlowGen()
    {
        using var zip = ZipFile.OpenRead(package.Tensors);
        string[] expected = ["FlowGen.Tensors.nuspec", "README.md", "icon.png", "lib/net10.0/FlowGen.Tensors.dll", "lib/net10.0/FlowGen.Tensors.xml"];
        Assert.Equal(expected, zip.Entries.Select(static entry => entry.FullName).Where(static name => name[0] is not ('_' or '[') && !name.StartsWith("package/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var nuspec = XDocument.Parse(Encoding.UTF8.GetString(PackedPackage.Read(package.Tensors, "FlowGen.Tensors.nuspec")).TrimStart('\uFEFF'));
        Assert.Equal(
            ["FlowGen", "System.Numerics.Tensors"],
            nuspec.Descendants().Where(static element => element.Name.LocalName == "dependency").Select(static element => element.Attribute("id")?.Value).Order(StringComparer.Ordinal));
        Assert.Single(nuspec.Descendants(), static element => element.Name.LocalName == "license");
    }

    [Fact]
    public void Links_of_its_readme_lead_out_of_the_package()
    {
        string readme = Encoding.UTF8.GetString(package.Read("README.md"));
        var links = Link().Matches(readme);
        Assert.NotEmpty(links);
        Assert.All(links, static link => Assert.Matches("^(https?:|#)", link.Groups["target"].Value));
        Assert.Equal(File.ReadAllLines(Path.Combine(DotnetCommand.Root, "README.md")).Length, readme.TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData("lib/net10.0/FlowGen.Runtime.dll")]
    [InlineData("analyzers/dotnet/cs/FlowGen.Generator.dll")]
    [InlineData("analyzers/dotnet/cs/FlowGen.CodeFixes.dll")]
    [InlineData("lib/net10.0/FlowGen.Onnx.dll")]
    [InlineData("lib/net10.0/FlowGen.Tensors.dll")]
    public void Assemblies_carry_symbols_and_sources_and_no_path_of_the_machine_that_built_them(string name)
    {
        string file = name.Contains("Onnx", StringComparison.Ordinal) ? package.Onnx : name.Contains("Tensors", StringComparison.Ordinal) ? package.Tensors : package.Path;
        using var assembly = new PEReader(new MemoryStream(PackedPackage.Read(file, name)));
        var debug = assembly.ReadDebugDirectory();
        Assert.Contains(debug, static entry => entry.Type == DebugDirectoryEntryType.Reproducible);
        using var provider = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(debug.Single(static entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb));
        var symbols = provider.GetMetadataReader();
        Assert.NotEmpty(symbols.Documents);
        foreach (var handle in symbols.Documents)
        {
            string path = symbols.GetString(symbols.GetDocument(handle).Name);
            Assert.True(path.StartsWith("/_/", StringComparison.Ordinal) || !Path.IsPathRooted(path), path);
            var kinds = symbols.GetCustomDebugInformation(handle).Select(information => symbols.GetGuid(symbols.GetCustomDebugInformation(information).Kind));
            Assert.True(kinds.Contains(EmbeddedSource), $"{path} is not in the symbols.");
        }
    }

    [Fact]
    public async Task Debuggers_find_the_sources_of_the_commit_under_the_paths_of_the_symbols()
    {
        // What a clone consists of, as far as it matters: projects without sources, and what git knows.
        const string Commit = "0123456789abcdef0123456789abcdef01234567";
        string clone = Path.Combine(package.Directory, "clone");
        foreach (string file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json", "FlowGen.Runtime/FlowGen.Runtime.csproj", "FlowGen.Runtime/Package.props", "FlowGen.Runtime/Package.targets"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(clone, file))!);
            File.Copy(Path.Combine(DotnetCommand.Root, file), Path.Combine(clone, file));
        }

        foreach (string name in (string[])["objects", "refs"])
        {
            Directory.CreateDirectory(Path.Combine(clone, ".git", name));
        }

        await File.WriteAllTextAsync(Path.Combine(clone, ".git", "HEAD"), Commit + "\n", Token);
        await File.WriteAllTextAsync(Path.Combine(clone, ".git", "config"), "[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = https://github.com/flowgen/flowgen.git\n", Token);
        string intermediate = Directory.CreateDirectory(Path.Combine(clone, "made")).FullName + Path.DirectorySeparatorChar;
        var (exitCode, output) = await DotnetCommand.Run(clone, ["msbuild", "FlowGen.Runtime", "-t:GenerateSourceLinkFile", $"-p:IntermediateOutputPath={intermediate}"], Token);
        Assert.True(exitCode == 0, output);
        Assert.Equal(
            $$$"""{"documents":{"/_/*":"https://raw.githubusercontent.com/flowgen/flowgen/{{{Commit}}}/*"}}""",
            await File.ReadAllTextAsync(Path.Combine(intermediate, "FlowGen.Runtime.sourcelink.json"), Token));
    }

    [Fact]
    public async Task The_same_sources_make_the_same_bytes()
    {
        foreach (var (project, file) in ((string, string)[])[("FlowGen.Runtime", package.Path), ("FlowGen.Onnx", package.Onnx), ("FlowGen.Tensors", package.Tensors)])
        {
            string again = await PackedPackage.Pack(Path.Combine(package.Directory, "again"), Token, project: project);
            Assert.Equal(await File.ReadAllBytesAsync(file, Token), await File.ReadAllBytesAsync(again, Token));
        }
    }

    [Fact]
    public async Task A_project_that_has_nothing_but_the_package_declares_trains_saves_loads_and_scores()
    {
        string directory = Path.Combine(package.Directory, "consumer");
        Directory.CreateDirectory(directory);
        void Write(string name, string text) => File.WriteAllText(Path.Combine(directory, name), text);

        // Neither a feed nor packages of this machine.
        Write("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="local" value="{package.Feed}" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{Path.Combine(package.Directory, "packages")}" /></config>
            </configuration>
            """);
        Write("Consumer.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FlowGen" Version="0.1.0" />
                <PackageReference Include="FlowGen.Onnx" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        Write("Program.cs", Consumer);
        Write("Broken.cs", "using FlowGen;\n\n[Flow(3)]\n[AffineCoupling(8, Times = 4)]\n[Permute(0, 2, 2)]\npublic sealed partial class Broken;\n");

        string[] build = ["build", "-c", "Release", "-o", "out"];
        var (exitCode, output) = await DotnetCommand.Run(directory, build, Token);
        Assert.True(exitCode != 0, output);
        Assert.Matches(@"Broken\.cs\(5,2\): error FLOW2004: Layer 4 \(Permute\) must list every index from 0 to 2 once, but it lists 2 twice", output);

        File.Delete(Path.Combine(directory, "Broken.cs"));
        (exitCode, output) = await DotnetCommand.Run(directory, build, Token);
        Assert.True(exitCode == 0, output);
        Assert.Matches(@"Program\.cs\(\d+,\d+\): warning FLOW2020: No layer of 'HalfBlind' transforms coordinates 0, 2 of the data", output);
        Assert.Matches(@"Program\.cs\(\d+,\d+\): warning FLOW2021: ", output);
        string[] found = [.. Warning().Matches(output).Select(static match => match.Value).Distinct()];
        Assert.Equal(["warning FLOW2020", "warning FLOW2021"], found.Order(StringComparer.Ordinal));

        (exitCode, output) = await DotnetCommand.Run(directory, [Path.Combine("out", "Consumer.dll")], Token);
        Assert.True(exitCode == 0, output);
        Assert.Contains("all well", output, StringComparison.Ordinal);
    }

    // The bananas have an entropy of ln(2 pi e) + ln 0.5 = 2.145 nats.
    private const string Consumer = """
        using FlowGen;

        var random = new Random(1);
        float Normal() => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        float[] Draw(int count)
        {
            float[] rows = new float[2 * count];
            for (int i = 0; i < count; i++)
            {
                rows[2 * i] = Normal();
                rows[(2 * i) + 1] = (0.5f * Normal()) + (rows[2 * i] * rows[2 * i]);
            }

            return rows;
        }

        var flow = new Bananas(seed: 1);
        var history = flow.Fit(Draw(4000), new FitOptions { Epochs = 12 });
        flow.Save("bananas.safetensors");
        var loaded = new Bananas(seed: 2);
        loaded.Load("bananas.safetensors");
        float[] test = Draw(2000);
        float[] logDensity = loaded.LogProb(test);
        double loss = -logDensity.Average();
        Console.WriteLine($"{loss:0.000} nats after {history.Epochs.Count} epochs");
        if (!logDensity.SequenceEqual(flow.LogProb(test)))
        {
            throw new InvalidOperationException("The loaded flow is another.");
        }

        if (loss is not (> 2.0 and < 2.35))
        {
            throw new InvalidOperationException("It has not learned.");
        }

        loaded.ExportOnnx(OnnxGraph.Sample, "bananas.onnx");
        if (new FileInfo("bananas.onnx").Length < sizeof(float) * loaded.Parameters.TrainableCount)
        {
            throw new InvalidOperationException("The weights are not in the exported file.");
        }

        FlowVerifier.Verify(loaded, test.AsSpan(0, 64)).ThrowIfFailed();
        Console.WriteLine("all well");

        [Flow(2)]
        [ActNorm]
        [AffineCoupling(24, 24, Times = 4)]
        public sealed partial class Bananas;

        [Flow(4)]
        [ActNorm]
        [AffineCoupling(64, 64)]
        [Reverse]
        [AffineCoupling(64, 64)]
        public sealed partial class HalfBlind;
        """;

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("(warning|error) [A-Z]+[0-9]+")]
    private static partial Regex Warning();
}
