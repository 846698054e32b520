using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FlowGen.Generator.Usage;

/// <summary>
/// Follows the flows and buffers that a method keeps in locals along its paths. A flow that is used uninitialised is reported if every path to the use is one on
/// which nothing initialises it, or if the code after an <c>if</c> is: paths that only seem possible are not enough.
/// </summary>
internal sealed class PathAnalysis
{
    // Methods beyond this are machine-made.
    private const int MaximumBlocks = 2000;

    private readonly ControlFlowGraph graph;
    private readonly PathSteps steps;
    private readonly Func<INamedTypeSymbol, FlowFacts?> factsOf;
    private readonly ReportUsage report;
    private readonly CancellationToken cancellation;

    private PathAnalysis(
        ControlFlowGraph graph, HashSet<ISymbol> tracked, Func<INamedTypeSymbol, FlowFacts?> factsOf, ReportUsage report, CancellationToken cancellation)
    {
        this.graph = graph;
        this.factsOf = factsOf;
        this.report = report;
        this.cancellation = cancellation;
        steps = new PathSteps(tracked, factsOf, graph);
    }

    /// <summary>Analyses a method and the functions inside it.</summary>
    public static void Run(IOperation root, ControlFlowGraph graph, Func<INamedTypeSymbol, FlowFacts?> factsOf, ReportUsage report, CancellationToken cancellation) =>
        Run(graph, TrackedSymbols(root), factsOf, report, cancellation);

    private static void Run(
        ControlFlowGraph graph, HashSet<ISymbol> tracked, Func<INamedTypeSymbol, FlowFacts?> factsOf, ReportUsage report, CancellationToken cancellation)
    {
        if (graph.Blocks.Length > MaximumBlocks)
        {
            return;
        }

        new PathAnalysis(graph, tracked, factsOf, report, cancellation).Report();
        foreach (var function in graph.LocalFunctions)
        {
            Run(graph.GetLocalFunctionControlFlowGraph(function, cancellation), tracked, factsOf, report, cancellation);
        }

        foreach (var operation in graph.Blocks.SelectMany(static block => block.Operations.Concat(block.BranchValue is { } value ? [value] : [])))
        {
            foreach (var lambda in operation.DescendantsAndSelf().OfType<IFlowAnonymousFunctionOperation>())
            {
                Run(graph.GetAnonymousFunctionControlFlowGraph(lambda, cancellation), tracked, factsOf, report, cancellation);
            }
        }
    }

    /// <summary>The locals that only the function that declares them mentions, and the parameters that nothing is assigned to.</summary>
    private static HashSet<ISymbol> TrackedSymbols(IOperation root)
    {
        var all = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var captured = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var reference in root.DescendantsAndSelf().OfType<IParameterReferenceOperation>())
        {
            bool writes = reference.Parent is ITupleOperation or IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out }
                || (reference.Parent is IAssignmentOperation assignment && assignment.Target == reference);
            _ = (writes || reference.Parameter.RefKind != RefKind.None ? captured : all).Add(reference.Parameter);
        }

        foreach (var reference in root.DescendantsAndSelf().OfType<ILocalReferenceOperation>())
        {
            var function = reference.Parent;
            while (function is not null and not IAnonymousFunctionOperation and not ILocalFunctionOperation)
            {
                function = function.Parent;
            }

            var owner = (function as IAnonymousFunctionOperation)?.Symbol ?? (function as ILocalFunctionOperation)?.Symbol;
            bool inside = owner is null
                ? reference.Local.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction }
                : SymbolEqualityComparer.Default.Equals(reference.Local.ContainingSymbol, owner);
            _ = (inside && !reference.Local.IsRef ? all : captured).Add(reference.Local);
        }

        all.ExceptWith(captured);
        return all;
    }

    private void Report()
    {
        var entries = Solve(graph.Blocks[0], new PathState());
        var seen = new HashSet<IOperation>();
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i] is not { } entry)
            {
                continue;
            }

            var block = graph.Blocks[i];
            steps.Report = report;
            steps.Evaluated = (call, local, readiness) =>
            {
                if (seen.Add(call.Operation) && (readiness == Readiness.Fresh || (local is not null && OnRealPath(entries, call, local, block))))
                {
                    report(DiagnosticIds.NotInitialized, call.Operation, [call.Flow!.Name, factsOf(call.Flow)!.DataDependent!, call.Name]);
                }
            };
            steps.Run(block, entry.Copy());
        }
    }

    /// <summary>
    /// Whether a use is reached uninitialised though other paths to it initialise: behind an <c>if</c> without alternative that nothing was initialised before, one of its
    /// branches always leads to the use, and nothing on the way from there initialises either.
    /// </summary>
    private bool OnRealPath(PathState?[] entries, FlowCall use, ILocalSymbol local, BasicBlock block)
    {
        foreach (var branching in graph.Blocks)
        {
            if (branching.ConditionKind == ControlFlowConditionKind.None || entries[branching.Ordinal] is not { } entry || !IsPlainIf(branching))
            {
                continue;
            }

            var exit = Exit(branching, entry);
            if (exit[local] != Readiness.Fresh || Reaches(Successors(branching), branching, without: null))
            {
                continue;
            }

            foreach (var next in Successors(branching))
            {
                if (!Reaches([next], graph.Blocks[^1], without: block) && IsFreshAt(use, local, block, Solve(next, exit)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsPlainIf(BasicBlock block) =>
        block.BranchValue?.Syntax.FirstAncestorOrSelf<IfStatementSyntax>() is { Else: null, Parent: not ElseClauseSyntax } statement
        && statement.Condition.Span.Contains(block.BranchValue.Syntax.Span);

    private bool IsFreshAt(FlowCall use, ILocalSymbol local, BasicBlock block, PathState?[] entries)
    {
        bool fresh = false;
        if (entries[block.Ordinal] is { } entry)
        {
            var quiet = new PathSteps(steps)
            {
                Evaluated = (call, other, readiness) => fresh |= call.Operation == use.Operation && SymbolEqualityComparer.Default.Equals(other, local) && readiness == Readiness.Fresh,
            };
            quiet.Run(block, entry.Copy());
        }

        return fresh;
    }

    private PathState Exit(BasicBlock block, PathState entry)
    {
        var state = entry.Copy();
        new PathSteps(steps).Run(block, state);
        return state;
    }

    /// <summary>What is known at the beginning of each block, starting from one; null where no path leads.</summary>
    private PathState?[] Solve(BasicBlock start, PathState initial)
    {
        var entries = new PathState?[graph.Blocks.Length];
        entries[start.Ordinal] = initial;
        var open = new SortedSet<int> { start.Ordinal };
        foreach (var block in graph.Blocks)
        {
            // Exceptions come from anywhere, so nothing is known where they are handled.
            if (IsHandler(block))
            {
                entries[block.Ordinal] = new PathState();
                _ = open.Add(block.Ordinal);
            }
        }

        while (open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int ordinal = open.Min;
            _ = open.Remove(ordinal);
            var block = graph.Blocks[ordinal];
            var exit = Exit(block, entries[ordinal]!);
            foreach (var branch in Branches(block))
            {
                if (branch.Destination is not { } destination)
                {
                    continue;
                }

                var along = exit.Copy();
                if (!branch.FinallyRegions.IsEmpty)
                {
                    PassThrough(branch, along);
                }

                if (entries[destination.Ordinal] is not { } known)
                {
                    entries[destination.Ordinal] = along;
                    _ = open.Add(destination.Ordinal);
                }
                else if (known.Join(along))
                {
                    _ = open.Add(destination.Ordinal);
                }
            }
        }

        return entries;
    }

    // A finally block may do anything to what it mentions.
    private void PassThrough(ControlFlowBranch branch, PathState state)
    {
        foreach (var region in branch.FinallyRegions)
        {
            for (int i = region.FirstBlockOrdinal; i <= region.LastBlockOrdinal; i++)
            {
                foreach (var local in PathSteps.Mentioned(graph.Blocks[i]))
                {
                    state.Forget(local);
                    state[local] = Readiness.Unknown;
                    state.SetOrigin(local, null);
                }
            }
        }
    }

    private static bool IsHandler(BasicBlock block)
    {
        for (var region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region.FirstBlockOrdinal == block.Ordinal && region.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.Filter or ControlFlowRegionKind.Finally)
            {
                return true;
            }
        }

        return false;
    }

    private bool Reaches(IEnumerable<BasicBlock> from, BasicBlock to, BasicBlock? without)
    {
        var seen = new HashSet<int>();
        var open = new Stack<BasicBlock>(from);
        while (open.Count > 0)
        {
            var block = open.Pop();
            if (block == without || !seen.Add(block.Ordinal))
            {
                continue;
            }

            if (block == to)
            {
                return true;
            }

            foreach (var next in Successors(block))
            {
                open.Push(next);
            }
        }

        return false;
    }

    private static IEnumerable<BasicBlock> Successors(BasicBlock block) => Branches(block).Select(static branch => branch.Destination).OfType<BasicBlock>();

    private static IEnumerable<ControlFlowBranch> Branches(BasicBlock block)
    {
        if (block.FallThroughSuccessor is { } fallThrough)
        {
            yield return fallThrough;
        }

        if (block.ConditionalSuccessor is { } conditional)
        {
            yield return conditional;
        }
    }
}
