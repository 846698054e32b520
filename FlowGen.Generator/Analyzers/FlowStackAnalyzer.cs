using System.Collections.Immutable;
using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowGen.Generator.Analyzers;

/// <summary>Says what the verifier found in the stack of a flow or a step, at the attribute that it concerns.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FlowStackAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.Range('1', '2', '3')];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static context =>
        {
            if (context.Compilation.GetTypeByMetadataName(KnownSymbols.Flow) is not null)
            {
                context.RegisterSymbolAction(
                    static context => Analyze((INamedTypeSymbol)context.Symbol, context.ReportDiagnostic, context.CancellationToken), SymbolKind.NamedType);
            }
        });
    }

    /// <summary>What there is to say about a type.</summary>
    internal static void Analyze(INamedTypeSymbol type, Action<Diagnostic> report, CancellationToken cancellation)
    {
        var findings = Find(type, cancellation);
        if (findings.Count == 0)
        {
            return;
        }

        var stack = DeclaredAttributes.Stack(type);
        foreach (var finding in findings)
        {
            var location = finding.Origin >= 0 ? DeclaredAttributes.Location(stack[finding.Origin], cancellation) : DeclaredAttributes.NameOf(type, cancellation);
            var properties = finding.Remedy is null
                ? ImmutableDictionary<string, string?>.Empty
                : ImmutableDictionary<string, string?>.Empty.Add(DiagnosticProperties.Remedy, finding.Remedy);
            report(Diagnostic.Create(Descriptors.Get(finding.Id), location, properties, [.. finding.Arguments]));
        }
    }

    private static EquatableArray<Finding> Find(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var attributes = type.GetAttributes();
        if (attributes.Any(static data => KnownSymbols.IsFlow(data.AttributeClass)))
        {
            return FlowParser.Parse(type, report: null, cancellation) is { } declaration
                ? FlowVerifier.Verify(declaration, cancellation).Findings
                : EquatableArray<Finding>.Empty;
        }

        var findings = new Findings();
        if (attributes.Any(static data => KnownSymbols.IsStep(data.AttributeClass))
            && new StackParser(report: null, cancellation).Parse(type, "FlowStep") is { } stack)
        {
            _ = FlowVerifier.CheckOptions(stack, findings);
        }

        return findings.ToArray();
    }
}
