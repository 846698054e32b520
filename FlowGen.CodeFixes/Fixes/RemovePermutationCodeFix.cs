using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Removes a reversal that undoes the alternation of the couplings around it.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemovePermutationCodeFix))]
public sealed class RemovePermutationCodeFix() : FlowCodeFix(DiagnosticIds.SamePartition)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(RemovePermutationCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        // Alternate ignores permutations: with one between, the same coordinates come again.
        if (context.Layer is { IsCoupling: true } layer
            && layer.Syntax.Find("Transforms") is null
            && context.LayerIndex >= 2
            && context.Type.Stack[context.LayerIndex - 1] is { Name: "Reverse", Times: 1 } reverse
            && context.Type.Stack[context.LayerIndex - 2].IsCoupling)
        {
            yield return new Repair($"Remove [{reverse.Syntax.WithoutTrivia()}]: the couplings alternate by themselves", EquivalenceKey, edits => edits.Remove(reverse.Syntax));
        }
    }
}
