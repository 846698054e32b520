using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Generator;

/// <summary>
/// Completes classes marked with <c>[Flow]</c>: parse the attributes to a value, verify it, print it. Says nothing about
/// declarations that it cannot complete; the analyzers do.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class FlowGenerator : IIncrementalGenerator
{
    /// <summary>The step that reads symbols.</summary>
    internal const string ParseStep = "Parse";

    /// <summary>The step that proves.</summary>
    internal const string VerifyStep = "Verify";

    /// <summary>The step that prints.</summary>
    internal const string EmitStep = "Emit";

    /// <summary>The step that looks for files whose names would be the same.</summary>
    internal const string NameStep = "Name";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var declarations = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownSymbols.Flow,
                static (node, _) => node is TypeDeclarationSyntax,
                static (context, cancellation) => FlowParser.Parse((INamedTypeSymbol)context.TargetSymbol, report: null, cancellation))
            .WithTrackingName(ParseStep);

        var flows = declarations
            .Select(static (declaration, cancellation) => declaration is null ? null : FlowVerifier.Verify(declaration, cancellation).Flow)
            .WithTrackingName(VerifyStep);

        var files = flows
            .Select(static (flow, cancellation) => flow is null ? null : new GeneratedFile(flow.Type.MetadataName, FlowEmitter.Emit(flow, cancellation)))
            .WithTrackingName(EmitStep);

        var ambiguous = flows
            .Select(static (flow, _) => flow?.Type.MetadataName ?? "")
            .Collect()
            .Select(static (names, _) => FileNames.Ambiguous(names.Where(static name => name.Length > 0)))
            .WithTrackingName(NameStep);

        context.RegisterSourceOutput(files.Combine(ambiguous), static (context, named) =>
        {
            if (named is { Left: { } file, Right: var ambiguous })
            {
                context.AddSource(FileNames.Of(file.Type, ambiguous.Contains(file.Type)), file.Text);
            }
        });
    }
}
