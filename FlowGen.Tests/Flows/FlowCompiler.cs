using System.Reflection;
using System.Runtime.Loader;
using FlowGen.Generator;
using FlowGen.Tests.Generator;
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
        byte[] image = resources.Length > 0 ? Emit() : CompiledImages.Get(source, assemblyName, Emit);
        return new Context(assemblyName).LoadFromStream(new MemoryStream(image));

        byte[] Emit()
        {
            using var stream = new MemoryStream();
            FlowCompiler.Emit(source, assemblyName, OutputKind.DynamicallyLinkedLibrary, stream, resources);
            return stream.ToArray();
        }
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
        var compilation = CSharpCompilation.Create(
            assemblyName,
            [CSharpSyntaxTree.ParseText(source, options)],
            CompilerReferences.WithRuntime,
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

    // The runtime is that of these tests, whichever context they are in themselves.
    private sealed class Context(string name) : AssemblyLoadContext(name)
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name == typeof(IFlow).Assembly.GetName().Name ? typeof(IFlow).Assembly : null;
    }
}
