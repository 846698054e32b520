using FlowGen.Generator.Emission;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Generator;

/// <summary>
/// Completes classes marked with <c>[Flow]</c>: parse the attributes to a value, verify it, print it. Says nothing about
/// declarations that are no flow; the analyzers do. Where such a class admits another part, it gets the members that a flow has, without a program,
/// so that the code that uses it has nothing to add.
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
                static (context, cancellation) => FlowParser.ParseOrComplete((INamedTypeSymbol)context.TargetSymbol, context.TargetNode, cancellation))
            .WithTrackingName(ParseStep);

        var flows = declarations
            .Select(static (parsed, cancellation) => Verify(parsed, cancellation))
            .WithTrackingName(VerifyStep);

        var files = flows
            .Select(static (flow, cancellation) => flow is null ? null : new GeneratedFile(flow.Type.MetadataName, flow.Flow is { } sound ? FlowEmitter.Emit(sound, cancellation) : FlowEmitter.Emit(flow.Surface!)))
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
                // Two types of one name are an error of the compiler, and neither is completed.
                int same = ambiguous.Count(name => name == file.Type);
                if (same < 2)
                {
                    context.AddSource(FileNames.Of(file.Type, isAmbiguous: same > 0), file.Text);
                }
            }
        });
    }

    private static VerifiedFlow? Verify(ParsedFlow? parsed, CancellationToken cancellation)
    {
        if (parsed?.Declaration is not { } declaration)
        {
            return parsed is null ? null : new VerifiedFlow(Flow: null, parsed.Surface);
        }

        // Findings are not kept: what they say may change with every key, and the file does not.
        var verdict = FlowVerifier.Verify(declaration, cancellation);
        return new VerifiedFlow(verdict.Flow, verdict.Flow is null ? FlowSurface.Of(declaration.Type, verdict.Errors) : null);
    }
}
