using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FlowGen.Tests.Generator;

/// <summary>What compilations in these tests refer to. It is read once, and so are the symbols in it.</summary>
internal static class CompilerReferences
{
    private static readonly string[] Platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    /// <summary>The framework, and the libraries beside these tests that are named like parts of it.</summary>
    public static ImmutableArray<MetadataReference> Framework { get; } =
    [
        .. Platform
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll")
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The framework, and the runtime that these tests run with.</summary>
    public static ImmutableArray<MetadataReference> WithRuntime { get; } = Framework.Add(MetadataReference.CreateFromFile(typeof(IFlow).Assembly.Location));

    /// <summary>Other libraries beside these tests.</summary>
    /// <param name="isWanted">Tells by the name of the file.</param>
    public static IEnumerable<MetadataReference> Others(Func<string, bool> isWanted) =>
        Platform.Where(path => isWanted(Path.GetFileName(path))).Select(static path => MetadataReference.CreateFromFile(path));
}
