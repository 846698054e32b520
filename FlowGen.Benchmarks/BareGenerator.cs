using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Benchmarks;

/// <summary>A generator that does nothing but find the same classes and read their attributes, and those of the steps that they name: what the compiler itself costs.</summary>
#pragma warning disable RS1036, RS1041, RS1042 // It is measured, not shipped.
[Generator(LanguageNames.CSharp)]
public sealed class BareGenerator : IIncrementalGenerator
{
    /// <summary>The step that reads symbols.</summary>
    public const string ParseStep = "Parse";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var texts = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                "FlowGen.FlowAttribute",
                static (node, _) => node is TypeDeclarationSyntax,
                static (context, _) => Read(context.TargetSymbol))
            .WithTrackingName(ParseStep);
        context.RegisterSourceOutput(texts, static (_, _) => { });
    }

    private static string Read(ISymbol type) => string.Join(' ', type.GetAttributes().Select(Read));

    private static string Read(AttributeData data) =>
        $"{data.AttributeClass?.Name}{string.Concat(data.AttributeClass?.TypeArguments.Select(Read) ?? [])}({string.Join(", ", data.ConstructorArguments.Select(static argument => argument.ToCSharpText()))}; {string.Join(", ", data.NamedArguments.Select(static argument => argument.Key + argument.Value.ToCSharpText()))})";
}
#pragma warning restore RS1036, RS1041, RS1042

/// <summary>Values of attributes.</summary>
file static class Constants
{
    public static string ToCSharpText(this TypedConstant constant) => constant.Kind == TypedConstantKind.Array
        ? string.Join(", ", constant.Values.Select(ToCSharpText))
        : FormattableString.Invariant($"{constant.Value}");
}
