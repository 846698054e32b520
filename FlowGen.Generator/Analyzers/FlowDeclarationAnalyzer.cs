using System.Collections.Immutable;
using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FlowGen.Generator.Analyzers;

/// <summary>Says why a flow or a step cannot be read.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FlowDeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.Range('1')];

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
        var attributes = type.GetAttributes();
        bool isFlow = attributes.Any(static data => KnownSymbols.IsFlow(data.AttributeClass));
        bool isStep = attributes.Any(static data => KnownSymbols.IsStep(data.AttributeClass));
        void Report(string id, Location location, string[] arguments) => report(Diagnostic.Create(Descriptors.Get(id), location, arguments));

        if (isFlow)
        {
            _ = FlowParser.Parse(type, Report, cancellation);
        }
        else if (isStep)
        {
            _ = new StackParser(Report, cancellation).Parse(type, "FlowStep");
        }
        else if (DeclaredAttributes.Stack(type) is [var first, ..])
        {
            Report(DiagnosticIds.LayerWithoutFlow, DeclaredAttributes.Location(first, cancellation), [type.Name]);
        }
    }
}
