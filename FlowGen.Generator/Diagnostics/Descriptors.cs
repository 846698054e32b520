using System.Reflection;
using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

/// <summary>The rules; each file holds one range of numbers.</summary>
internal static partial class Descriptors
{
    private const string Category = "FlowGen";

    // Not before it is asked for: the rules themselves are initialised in other files.
    private static readonly Lazy<Dictionary<string, DiagnosticDescriptor>> ById = new(static () => typeof(Descriptors)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => field.GetValue(null))
        .OfType<DiagnosticDescriptor>()
        .ToDictionary(static descriptor => descriptor.Id, StringComparer.Ordinal));

    /// <summary>All rules.</summary>
    public static IReadOnlyCollection<DiagnosticDescriptor> All => ById.Value.Values;

    /// <summary>The rule with a number.</summary>
    public static DiagnosticDescriptor Get(string id) => ById.Value[id];

    /// <summary>The rules of declarations in a range: the thousand that the number starts with.</summary>
    public static IEnumerable<DiagnosticDescriptor> Range(params char[] thousands) =>
        ById.Value.Values.Where(descriptor => thousands.Contains(descriptor.Id[4]) && !IsUsage(descriptor.Id)).OrderBy(static descriptor => descriptor.Id, StringComparer.Ordinal);

    /// <summary>The rules of code that uses flows.</summary>
    public static IEnumerable<DiagnosticDescriptor> Usage =>
        ById.Value.Values.Where(static descriptor => IsUsage(descriptor.Id)).OrderBy(static descriptor => descriptor.Id, StringComparer.Ordinal);

    /// <summary>Where a rule is explained.</summary>
    public static string HelpLink(string id) => $"https://github.com/flowgen/flowgen/blob/main/docs/rules/{id}.md";

    private static bool IsUsage(string id) => string.CompareOrdinal(id, "FLOW1040") >= 0 && string.CompareOrdinal(id, "FLOW1070") < 0;
}
