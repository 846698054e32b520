using System.Reflection;
using System.Runtime.Loader;
using FlowGen.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace FlowGen.Tests.Samples;

/// <summary>The steps that add a layer, as the page for contributors shows them, put into the sources: they compile, and what they make is verified.</summary>
public sealed class ContributingTests
{
    private const string Registry = "FlowGen.Generator/Layers/LayerRegistry.cs";

    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    private const string Flow = """
        using System;
        using FlowGen;

        [Flow(3)]
        [Translate]
        [AffineCoupling(8, Times = 2)]
        [Translate(Times = 2)]
        public sealed partial class Moved
        {
            public static void Check()
            {
                var random = new Random(1);
                var flow = new Moved(seed: 1);
                flow.Parameters.Update(parameters =>
                {
                    foreach (ref float parameter in parameters)
                    {
                        parameter += random.NextSingle() - 0.5f;
                    }
                });
                float[] samples = new float[3 * 37];
                foreach (ref float value in samples.AsSpan())
                {
                    value = (4 * random.NextSingle()) - 2;
                }

                FlowVerifier.Verify(flow, samples).ThrowIfFailed();
            }
        }
        """;

    private static readonly CSharpParseOptions Parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_steps_add_a_layer_that_is_verified_and_whose_mistakes_are_found()
    {
        var steps = Steps();
        Assert.Equal(5, steps.Count);
        var generator = CompileGenerator(steps);
        Check(Sources("FlowGen.Runtime", steps), generator);

        // A mistake in the kernel: the gradient has the wrong sign.
        const string Kernel = "FlowGen.Runtime/Kernels/Translate.cs";
        const string Right = "+= V.Sum(sum)";
        Assert.Contains(Right, steps[Kernel], StringComparison.Ordinal);
        steps[Kernel] = steps[Kernel].Replace(Right, "-= V.Sum(sum)", StringComparison.Ordinal);
        var failure = Assert.Throws<TargetInvocationException>(() => Check(Sources("FlowGen.Runtime", steps), generator));
        Assert.Equal("VerificationException", failure.InnerException?.GetType().Name);
    }

    /// <summary>The blocks of the page, by the file that each belongs to.</summary>
    private static Dictionary<string, string> Steps()
    {
        var steps = new Dictionary<string, string>();
        string[] lines = File.ReadAllLines(Path.Combine(Packaging.DotnetCommand.Root, "CONTRIBUTING.md"));
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "```csharp step")
            {
                int end = Array.IndexOf(lines, "```", i);
                steps.Add(lines[i + 1]["// ".Length..], string.Join('\n', lines[(i + 2)..end]));
            }
        }

        return steps;
    }

    private static Dictionary<string, string> Sources(string project, IReadOnlyDictionary<string, string> steps)
    {
        string root = Packaging.DotnetCommand.Root;
        var sources = Directory.GetFiles(Path.Combine(root, project), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.StartsWith($"{project}/bin/", StringComparison.Ordinal) && !path.StartsWith($"{project}/obj/", StringComparison.Ordinal))
            .ToDictionary(static path => path, path => File.ReadAllText(Path.Combine(root, path)));
        foreach (var (path, text) in steps.Where(step => step.Key.StartsWith(project + "/", StringComparison.Ordinal)))
        {
            if (path == Registry)
            {
                const string LastLine = "    };\n";
                Assert.Contains(LastLine, sources[path], StringComparison.Ordinal);
                sources[path] = sources[path].Insert(sources[path].IndexOf(LastLine, StringComparison.Ordinal), text + "\n");
            }
            else
            {
                sources.Add(path, text);
            }
        }

        return sources;
    }

    private static IIncrementalGenerator CompileGenerator(IReadOnlyDictionary<string, string> steps)
    {
        var sources = Sources("FlowGen.Generator", steps);
        const string Shared = "FlowGen.Runtime/Random/SeededShuffle.cs";
        sources.Add(Shared, File.ReadAllText(Path.Combine(Packaging.DotnetCommand.Root, Shared)));

        // Types that the framework of the compiler does not have, and this one does.
        sources.Add("Aliases.cs", string.Join('\n', typeof(FlowGenerator).Assembly.GetTypes()
            .Where(static type => type is { IsNested: false, Namespace: not null, IsGenericType: false } && typeof(object).Assembly.GetType($"System.{type.Name}") is { IsPublic: true })
            .Select(static type => $"global using {type.Name} = {type.FullName};")));
        byte[] image = Emit("FlowGen.Generator", sources, Platform(static name => name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)));
        var assembly = new AssemblyLoadContext("generator").LoadFromStream(new MemoryStream(image));
        return (IIncrementalGenerator)Activator.CreateInstance(assembly.GetType("FlowGen.Generator.FlowGenerator", throwOnError: true)!)!;
    }

    private static void Check(Dictionary<string, string> runtimeSources, IIncrementalGenerator generator)
    {
        byte[] runtime = Emit("FlowGen.Runtime", runtimeSources, Platform(static name => name.StartsWith("System.", StringComparison.Ordinal)));
        var compilation = CSharpCompilation.Create(
            "Contribution",
            [CSharpSyntaxTree.ParseText(Flow, Parse, cancellationToken: Token)],
            [.. Platform(static name => name.StartsWith("System.", StringComparison.Ordinal)), MetadataReference.CreateFromImage(runtime)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        _ = CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: Parse).RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _, Token);
        using var image = new MemoryStream();
        AssertCompiled(generated.Emit(image, cancellationToken: Token).Diagnostics);
        image.Position = 0;
        var context = new AssemblyLoadContext("contribution");
        context.LoadFromStream(new MemoryStream(runtime));
        context.LoadFromStream(image).GetType("Moved", throwOnError: true)!.GetMethod("Check")!.Invoke(null, []);
    }

    private static byte[] Emit(string assembly, Dictionary<string, string> sources, IEnumerable<MetadataReference> references)
    {
        var compilation = CSharpCompilation.Create(
            assembly,
            [CSharpSyntaxTree.ParseText(Usings, Parse, cancellationToken: Token), .. sources.Select(static source => CSharpSyntaxTree.ParseText(source.Value, Parse, source.Key, cancellationToken: Token))],
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        AssertCompiled(compilation.Emit(image, cancellationToken: Token).Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error || d.Location.SourceTree?.FilePath.Contains("Translate", StringComparison.Ordinal) == true));
        return image.ToArray();
    }

    private static void AssertCompiled(IEnumerable<Diagnostic> diagnostics)
    {
        string[] problems = [.. diagnostics.Where(static d => d.Severity >= DiagnosticSeverity.Warning).Select(static d => d.ToString()).Take(10)];
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    private static IEnumerable<MetadataReference> Platform(Func<string, bool> isWanted) => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => isWanted(Path.GetFileName(path)))
        .Select(static path => MetadataReference.CreateFromFile(path));
}
