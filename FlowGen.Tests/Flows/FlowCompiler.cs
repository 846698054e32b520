using System.Reflection;
using System.Runtime.Loader;
using FlowGen.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowGen.Tests.Flows;

/// <summary>Compiles declarations of flows with the generator, as a user's build does, and loads them.</summary>
internal static class FlowCompiler
{
    /// <summary>An assembly of the flows declared in a source.</summary>
    /// <exception cref="InvalidOperationException">The compiler reports an error or a warning in source or generated code.</exception>
    public static Assembly Compile(string source, string assemblyName, params ResourceDescription[] resources)
    {
        using var image = new MemoryStream();
        Emit(source, assemblyName, OutputKind.DynamicallyLinkedLibrary, image, resources);
        image.Position = 0;
        return new AssemblyLoadContext(assemblyName).LoadFromStream(image);
    }

    /// <summary>Writes a program, with what it takes to run it, into the directory of a path.</summary>
    /// <exception cref="InvalidOperationException">The compiler reports an error or a warning in source or generated code.</exception>
    public static void CompileProgram(string source, string path)
    {
        using (var file = File.Create(path))
        {
            Emit(source, Path.GetFileNameWithoutExtension(path), OutputKind.ConsoleApplication, file, []);
        }

        string runtime = typeof(IFlow).Assembly.Location;
        File.Copy(runtime, Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(runtime)), overwrite: true);
        File.Copy(Path.ChangeExtension(typeof(FlowCompiler).Assembly.Location, ".runtimeconfig.json"), Path.ChangeExtension(path, ".runtimeconfig.json"), overwrite: true);
    }

    private static void Emit(string source, string assemblyName, OutputKind kind, Stream image, ResourceDescription[] resources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => path.Contains("Microsoft.NETCore.App", StringComparison.Ordinal) || Path.GetFileName(path) == "FlowGen.Runtime.dll")
            .Select(static path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            assemblyName,
            [CSharpSyntaxTree.ParseText(source, options)],
            references,
            new CSharpCompilationOptions(kind, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        _ = CSharpGeneratorDriver.Create([new FlowGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);
        var result = generated.Emit(image, manifestResources: resources);
        var problems = diagnostics.Concat(result.Diagnostics).Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).ToList();
        if (problems.Count > 0)
        {
            throw new InvalidOperationException(string.Join('\n', problems.Take(10)));
        }
    }
}
