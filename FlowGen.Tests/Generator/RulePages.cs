using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowGen.Tests.Generator;

/// <summary>The pages below <c>docs/rules</c>.</summary>
internal static partial class RulePages
{
    /// <summary>Where they are.</summary>
    public static string Folder => Path.Combine(Snapshot.FindRoot(), "docs", "rules");

    /// <summary>The text of a rule's page.</summary>
    public static string Read(string id) => File.ReadAllText(Path.Combine(Folder, id + ".md")).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>What is flagged, and what is right instead.</summary>
    public static string[] Examples(string id) => [.. Example().Matches(Read(id)).Select(static match => match.Groups["code"].Value)];

    /// <summary>A project of an example. Public classes are documented where the example is copied to.</summary>
    public static CSharpCompilation Compile(string example) => GeneratorHarness.Compile(PublicClass().Replace(example, "internal $1 "));

    [GeneratedRegex("public (sealed|static)(?= (partial )?class) ")]
    private static partial Regex PublicClass();

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
