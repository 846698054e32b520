using System.Collections.Concurrent;
using System.Collections.Immutable;
using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace FlowGen.Generator.Analyzers;

/// <summary>Says what ordinary code does wrong with flows: what it calls, with what, and in which order.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FlowUsageAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.Usage];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static context =>
        {
            if (context.Compilation.GetTypeByMetadataName(KnownSymbols.Flow) is null)
            {
                return;
            }

            // Of this compilation only: it goes when the compilation goes.
            var known = new ConcurrentDictionary<INamedTypeSymbol, FlowFacts?>(SymbolEqualityComparer.Default);
            var cancellation = context.CancellationToken;
            FlowFacts? FactsOf(INamedTypeSymbol type) => known.GetOrAdd(type, added => FlowFacts.Of(added, cancellation));

            context.RegisterOperationBlockStartAction(start =>
            {
                // Paths matter only where a flow is made or called.
                bool uses = false;
                start.RegisterOperationAction(
                    operation =>
                    {
                        if (FlowCall.Of(operation.Operation) is { } call)
                        {
                            uses = true;
                            new CallRules(call, call.Flow is { } flow ? FactsOf(flow) : null, Reporter(operation.ReportDiagnostic)).Check();
                        }
                    },
                    OperationKind.Invocation);
                start.RegisterOperationBlockEndAction(end =>
                {
                    if (uses)
                    {
                        foreach (var block in end.OperationBlocks)
                        {
                            CheckPaths(block, end, FactsOf);
                        }
                    }
                });
            });
        });
    }

    private static void CheckPaths(IOperation block, OperationBlockAnalysisContext context, Func<INamedTypeSymbol, FlowFacts?> factsOf)
    {
        // Attributes and the like have no paths.
        if (block.Kind is OperationKind.Block or OperationKind.MethodBody or OperationKind.ConstructorBody or OperationKind.FieldInitializer or OperationKind.PropertyInitializer)
        {
            PathAnalysis.Run(block, context.GetControlFlowGraph(block), factsOf, Reporter(context.ReportDiagnostic), context.CancellationToken);
        }
    }

    private static ReportUsage Reporter(Action<Diagnostic> report) => (id, where, arguments) =>
    {
        if (id != DiagnosticIds.NotInitialized || !ExpectsFailure(where.Syntax))
        {
            report(Diagnostic.Create(Descriptors.Get(id), where.Syntax.GetLocation(), arguments));
        }
    };

    // Code that is there to see the exception: Throws<FlowNotInitializedException>(...), catch (FlowNotInitializedException).
    private static bool ExpectsFailure(SyntaxNode node)
    {
        const string Exception = "FlowNotInitializedException";
        for (var outer = node.Parent; outer is not null and not MemberDeclarationSyntax; outer = outer.Parent)
        {
            if ((outer is InvocationExpressionSyntax call && call.Expression.DescendantNodesAndSelf().OfType<GenericNameSyntax>().Any(static name => name.TypeArgumentList.ToString().Contains(Exception)))
                || (outer is TryStatementSyntax attempt && attempt.Catches.Any(static handler => handler.Declaration?.Type.ToString().EndsWith(Exception, StringComparison.Ordinal) == true)))
            {
                return true;
            }
        }

        return false;
    }
}
