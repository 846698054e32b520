using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Parsing;

/// <summary>Recognises the attributes of the runtime, without searching for them in the compilation.</summary>
internal static class KnownSymbols
{
    /// <summary>The metadata name of the attribute that declares a flow.</summary>
    public const string Flow = "FlowGen.FlowAttribute";

    /// <summary>The metadata name of the attribute that declares a step.</summary>
    public const string Step = "FlowGen.FlowStepAttribute";

    private const string Runtime = "FlowGen";

    /// <summary>Whether an attribute declares a flow.</summary>
    public static bool IsFlow(INamedTypeSymbol? attribute) => IsNamed(attribute, "FlowAttribute");

    /// <summary>Whether an attribute declares a step.</summary>
    public static bool IsStep(INamedTypeSymbol? attribute) => IsNamed(attribute, "FlowStepAttribute");

    /// <summary>Whether an attribute repeats a step.</summary>
    public static bool IsRepeat(INamedTypeSymbol? attribute) => IsNamed(attribute?.OriginalDefinition, "RepeatAttribute`1");

    /// <summary>Whether an attribute adds two steps.</summary>
    public static bool IsSum(INamedTypeSymbol? attribute) => IsNamed(attribute?.OriginalDefinition, "SumAttribute`2");

    /// <summary>Whether an attribute declares a layer.</summary>
    public static bool IsLayer(INamedTypeSymbol? attribute)
    {
        for (var type = attribute?.BaseType; type is not null; type = type.BaseType)
        {
            if (IsNamed(type, "FlowLayerAttribute"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The metadata name of a type that is not nested, with its namespace.</summary>
    public static string FullMetadataName(INamedTypeSymbol type) =>
        type is { ContainingType: null, ContainingNamespace: { IsGlobalNamespace: false } space } ? $"{FullName(space)}.{type.MetadataName}" : type.MetadataName;

    // Display strings take many times as long, and every layer is asked for its name after every keystroke.
    private static string FullName(INamespaceSymbol space) =>
        IsRuntime(space) ? Runtime
        : space.ContainingNamespace is { IsGlobalNamespace: false } outer ? $"{FullName(outer)}.{space.Name}" : space.Name;

    private static bool IsNamed(INamedTypeSymbol? type, string metadataName) =>
        type?.MetadataName == metadataName && type.ContainingType is null && IsRuntime(type.ContainingNamespace);

    private static bool IsRuntime(INamespaceSymbol? space) => space is { Name: Runtime, ContainingNamespace.IsGlobalNamespace: true };
}
