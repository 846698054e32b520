using Microsoft.CodeAnalysis;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>The runtime's names, as short as they can be written at a place.</summary>
internal static class Names
{
    private const string Space = "FlowGen";

    /// <summary>An attribute, without its brackets.</summary>
    public static string Attribute(SemanticModel model, int position, string name) =>
        IsVisible(model, position, name + "Attribute") ? name : Prefix(model, position) + name;

    /// <summary>A type.</summary>
    public static string Type(SemanticModel model, int position, string name) =>
        IsVisible(model, position, name) ? name : Prefix(model, position) + name;

    // A member of the class can take the name, so types alone are not enough to look at.
    private static bool IsVisible(SemanticModel model, int position, string name) =>
        model.LookupSymbols(position, name: name) is [var only] && (FlowType.IsOfRuntime(only, name) || FlowType.IsOfRuntime(only, name + "`1"));

    private static string Prefix(SemanticModel model, int position) =>
        model.LookupSymbols(position, name: Space) is [INamespaceSymbol { ContainingNamespace.IsGlobalNamespace: true }] ? $"{Space}." : $"global::{Space}.";
}
