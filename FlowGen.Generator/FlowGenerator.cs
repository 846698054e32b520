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
            .Select(static (flow, cancellation) => flow is null ? null : new GeneratedFile(flow.Type.HintName, FlowEmitter.Emit(flow, cancellation)))
            .WithTrackingName(EmitStep);

        context.RegisterSourceOutput(files, static (context, file) =>
        {
            if (file is not null)
            {
                context.AddSource(file.HintName, file.Text);
            }
        });
    }
}
