using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using FlowGen.Generator;
using FlowGen.Tests.Generator;
using FlowGen.Tests.Packaging;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowGen.Tests.Samples;

/// <summary>A copy of the repository with the steps of <c>CONTRIBUTING.md</c> in it, compiled and loaded beside the one that these tests are of.</summary>
internal sealed class Contribution : IDisposable
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    // Beside the tests that are asked for, where what they use is.
    private static readonly string[] TestFolders = ["Declarations", "Flows", "Generator", "Kernels", "Layers", "Onnx", "Scalars"];

    private static readonly CSharpParseOptions Parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    private readonly string root = Path.Combine(Path.GetTempPath(), $"flowgen-contribution-{Guid.NewGuid():N}");
    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);
    private int builds;

    /// <summary>Puts the steps into a copy of the sources.</summary>
    public Contribution(IEnumerable<Step> steps)
    {
        foreach (string path in Directory.EnumerateFiles(DotnetCommand.Root, "*", SearchOption.AllDirectories).Select(static path => Path.GetRelativePath(DotnetCommand.Root, path).Replace('\\', '/')))
        {
            if (Regex.IsMatch(path, @"^(FlowGen\.sln|([^/.]+|docs/([^/]+/)*[^/]+)\.(md|png|svg)|FlowGen\.(Runtime|Generator|Onnx|Tests)/.*\.(cs|csproj|md|txt|png))$") && !Regex.IsMatch(path, "^[^/]+/(bin|obj)/"))
            {
                files.Add(path, path.EndsWith(".png", StringComparison.Ordinal) ? "" : File.ReadAllText(Path.Combine(DotnetCommand.Root, path)).ReplaceLineEndings("\n"));
            }
        }

        foreach (var step in steps)
        {
            step.Apply(files);
        }

        foreach (var (path, text) in files.Where(static file => !file.Key.EndsWith(".csproj", StringComparison.Ordinal) && (!file.Key.EndsWith(".cs", StringComparison.Ordinal) || file.Key.EndsWith(".verified.cs", StringComparison.Ordinal))))
        {
            string full = Path.Combine(root, path);
            _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }

        _ = Directory.CreateDirectory(Bin);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Bin => Path.Combine(root, "FlowGen.Tests", "bin", builds.ToString(CultureInfo.InvariantCulture));

    /// <summary>The text of a file.</summary>
    public string this[string path]
    {
        get => files[path];
        set => files[path] = value;
    }

    /// <summary>The runtime, as it would be compiled.</summary>
    public CSharpCompilation Runtime() => Compile("FlowGen.Runtime", Sources("FlowGen.Runtime/"), CompilerReferences.Framework);

    /// <summary>The files that say what is public in the runtime.</summary>
    public IEnumerable<(string Path, string Text)> PublicApi() => files.Where(static file => file.Key.StartsWith("FlowGen.Runtime/PublicAPI.", StringComparison.Ordinal)).Select(static file => (file.Key, file.Value));

    /// <summary>Compiles runtime, generator, exporters and tests.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="testClasses">Which tests: <c>Folder.Class</c>.</param>
    public void Build(CSharpCompilation runtime, IEnumerable<string> testClasses)
    {
        Emit(runtime);
        Emit(Generator());
        var ofRuntime = Reference("FlowGen.Runtime");
        Emit(Compile("FlowGen.Onnx", Sources("FlowGen.Onnx/"), [.. CompilerReferences.Framework, ofRuntime]));
        var wanted = testClasses.Select(static name => $"FlowGen.Tests/{name.Replace('.', '/')}.cs").Append("FlowGen.Tests/Packaging/DotnetCommand.cs").ToHashSet(StringComparer.Ordinal);
        var tests = Sources("FlowGen.Tests/").Where(file => wanted.Contains(file.Key) || (TestFolders.Contains(file.Key.Split('/')[1]) && !Regex.IsMatch(file.Key, @"Tests(\.\w+)?\.cs$")));
        var compilation = Compile(
            "FlowGen.Tests",
            tests,
            [.. CompilerReferences.Framework, .. CompilerReferences.Others(static name => !name.StartsWith("FlowGen.", StringComparison.Ordinal) && !name.StartsWith("System.", StringComparison.Ordinal) && name is not "mscorlib.dll" and not "netstandard.dll"), ofRuntime, Reference("FlowGen.Generator"), Reference("FlowGen.Onnx")]);
        var context = new Beside(Bin);
        var generator = (IIncrementalGenerator)Activator.CreateInstance(context.LoadFromAssemblyPath(Dll("FlowGen.Generator")).GetType("FlowGen.Generator.FlowGenerator", throwOnError: true)!)!;
        _ = CSharpGeneratorDriver.Create([generator.AsSourceGenerator(), RegexGenerator()], parseOptions: Parse).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _, Token);
        Emit(generated);
    }

    /// <summary>Compiles the runtime alone, for those tests that are compiled.</summary>
    public void BuildRuntime()
    {
        // In a folder of its own: what is loaded from a file is read from it whenever it is needed, and must not change.
        string before = Bin;
        builds++;
        _ = Directory.CreateDirectory(Bin);
        foreach (string path in Directory.EnumerateFiles(before).Where(path => path != Path.Combine(before, "FlowGen.Runtime.dll")))
        {
            File.Copy(path, Path.Combine(Bin, Path.GetFileName(path)));
        }

        Emit(Runtime());
    }

    /// <summary>The compiled tests, in a context of their own.</summary>
    public Assembly Load() => new Beside(Bin).LoadFromAssemblyPath(Dll("FlowGen.Tests"));

    /// <summary>A file that a test wrote.</summary>
    public string Read(string path) => File.ReadAllText(Path.Combine(root, path));

    /// <summary>Writes a file that a test reads.</summary>
    public void Write(string path, string text) => File.WriteAllText(Path.Combine(root, path), text);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(root, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Some systems hold what is loaded; the system empties its own folder.
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Sources(string folder) =>
        files.Where(file => file.Key.StartsWith(folder, StringComparison.Ordinal) && file.Key.EndsWith(".cs", StringComparison.Ordinal) && !file.Key.EndsWith(".verified.cs", StringComparison.Ordinal));

    private CSharpCompilation Generator()
    {
        const string Shared = "FlowGen.Runtime/Random/SeededShuffle.cs";

        // Types that the framework of the compiler does not have, and this one does.
        var aliases = typeof(FlowGenerator).Assembly.GetTypes()
            .Where(static type => type is { IsNested: false, Namespace: not null, IsGenericType: false } && typeof(object).Assembly.GetType($"System.{type.Name}") is { IsPublic: true })
            .Select(static type => $"global using {type.Name} = {type.FullName};");
        return Compile(
            "FlowGen.Generator",
            Sources("FlowGen.Generator/").Append(new(Shared, files[Shared])).Append(new("Aliases.cs", string.Join('\n', aliases))),
            [.. CompilerReferences.Framework, .. CompilerReferences.Others(static name => name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))]);
    }

    private CSharpCompilation Compile(string project, IEnumerable<KeyValuePair<string, string>> sources, IEnumerable<MetadataReference> references)
    {
        string friends = string.Concat(Regex.Matches(files[$"{project}/{project}.csproj"], "<InternalsVisibleTo Include=\"([^\"]+)\"").Select(static match => $"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{match.Groups[1].Value}\")]\n"));
        string version = $"[assembly: System.Reflection.AssemblyVersion(\"{typeof(IFlow).Assembly.GetName().Version}\")]\n[assembly: System.Reflection.AssemblyConfiguration(\"{DotnetCommand.Configuration}\")]\n";
        string informational = typeof(IFlow).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return CSharpCompilation.Create(
            project,
            [
                CSharpSyntaxTree.ParseText($"{Usings}\n{friends}{version}[assembly: System.Reflection.AssemblyInformationalVersion(\"{informational}\")]", Parse, cancellationToken: Token),
                .. sources.Select(static source => CSharpSyntaxTree.ParseText(source.Value, Parse, source.Key, System.Text.Encoding.UTF8, cancellationToken: Token)),
            ],
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    private void Emit(Compilation compilation)
    {
        using var image = new FileStream(Dll(compilation.AssemblyName!), FileMode.CreateNew);
        string[] problems =
        [
            .. compilation.Emit(image, cancellationToken: Token).Diagnostics
                .Where(static d => d.Severity == DiagnosticSeverity.Error || (d.Severity == DiagnosticSeverity.Warning && d.Location.SourceTree?.FilePath.Contains("Translate", StringComparison.Ordinal) == true))
                .Select(static d => d.ToString()).Take(10),
        ];
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    private string Dll(string assembly) => Path.Combine(Bin, assembly + ".dll");

    private MetadataReference Reference(string assembly) => MetadataReference.CreateFromImage(File.ReadAllBytes(Dll(assembly)));

    private static ISourceGenerator RegexGenerator()
    {
        string packs = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref");
        string path = Directory.EnumerateFiles(packs, "System.Text.RegularExpressions.Generator.dll", SearchOption.AllDirectories).First(static file => file.Contains($"{Path.DirectorySeparatorChar}{Environment.Version.Major}.", StringComparison.Ordinal));
        var type = Assembly.LoadFrom(path).GetTypes().Single(static type => typeof(IIncrementalGenerator).IsAssignableFrom(type) && !type.IsAbstract);
        return ((IIncrementalGenerator)Activator.CreateInstance(type, nonPublic: true)!).AsSourceGenerator();
    }

    // Assemblies of the copy, and all others of this process.
    private sealed class Beside(string folder) : AssemblyLoadContext("contribution")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string path = Path.Combine(folder, assemblyName.Name + ".dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
