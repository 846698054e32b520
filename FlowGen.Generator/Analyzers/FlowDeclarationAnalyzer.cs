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
                context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
            }
        });
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var attributes = type.GetAttributes();
        bool isFlow = attributes.Any(static data => KnownSymbols.IsFlow(data.AttributeClass));
        bool isStep = attributes.Any(static data => KnownSymbols.IsStep(data.AttributeClass));
        void Report(string id, Location location, string[] arguments) =>
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.Get(id), location, arguments));

        if (isFlow)
        {
            _ = FlowParser.Parse(type, Report, context.CancellationToken);
        }
        else if (isStep)
        {
            _ = new StackParser(Report, context.CancellationToken).Parse(type, "FlowStep");
        }
        else if (DeclaredAttributes.Stack(type) is [var first, ..])
        {
            Report(DiagnosticIds.LayerWithoutFlow, DeclaredAttributes.Location(first, context.CancellationToken), [type.Name]);
        }
    }
}
