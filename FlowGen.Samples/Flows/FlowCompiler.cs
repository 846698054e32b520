using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using FlowGen.Generator;
using FlowGen.Samples.Data;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowGen.Samples.Flows;

/// <summary>
/// Compiles a declaration while the program runs, with the generator and the analyzers that a project uses. The number of columns of a file is only
/// known then; in a program of one's own, the same lines stand in the project and are compiled with it.
/// </summary>
internal static class FlowCompiler
{
    /// <summary>Compiles a declaration.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="warn">Receives the warnings, one by one; null if nobody asks.</param>
    /// <param name="cancellation">Stops compiling.</param>
    /// <returns>Makes a flow whose weights start from a seed.</returns>
    /// <exception cref="SampleException">The compiler or an analyzer reports an error; the message lists what an editor would show.</exception>
    public static Func<ulong, IFlow> Compile(FlowDeclaration declaration, Action<string>? warn, CancellationToken cancellation)
    {
        var parse = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);
        var tree = CSharpSyntaxTree.ParseText(declaration.Source, parse, declaration.Path, cancellationToken: cancellation);
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create($"FlowGen.Declared.{Path.GetFileNameWithoutExtension(declaration.Path)}", [tree], References(), options);

        var types = typeof(FlowGenerator).Assembly.GetTypes();
        var analyzers = types.Where(static t => t.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not null).Select(Create<DiagnosticAnalyzer>).ToImmutableArray();
        var driver = CSharpGeneratorDriver.Create([new FlowGenerator().AsSourceGenerator()], parseOptions: parse);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var fromGenerator, cancellation);

        var reported = generated.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync(cancellation).GetAwaiter().GetResult();
        ThrowOnErrors([.. reported, .. fromGenerator]);
        foreach (var warning in reported.Where(static d => d.Severity == DiagnosticSeverity.Warning))
        {
            warn?.Invoke(Describe(warning));
        }

        using var assembly = new MemoryStream();
        var emitted = generated.Emit(assembly, cancellationToken: cancellation);
        ThrowOnErrors(emitted.Diagnostics);

        assembly.Position = 0;
        // A context of its own: two declarations may have one name.
        var type = new AssemblyLoadContext(compilation.AssemblyName).LoadFromStream(assembly).GetType(declaration.ClassName, throwOnError: true)!;
        return seed => (IFlow)Activator.CreateInstance(type, seed)!;
    }

    private static void ThrowOnErrors(ImmutableArray<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count > 0)
        {
            throw new SampleException(string.Join('\n', errors.Select(Describe)));
        }
    }

    private static string Describe(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetLineSpan();
        return $"{place.Path}({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}): {diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }

    private static T Create<T>(Type type) => (T)Activator.CreateInstance(type)!;

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) == "FlowGen.Runtime.dll")
            .Select(static path => MetadataReference.CreateFromFile(path));
}
