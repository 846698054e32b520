using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Lets the second of two equal couplings change the other half.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FlipPartitionCodeFix))]
public sealed class FlipPartitionCodeFix() : FlowCodeFix(DiagnosticIds.SamePartition)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(FlipPartitionCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        // Copies of one attribute have its partition in common, so only alternation helps there.
        if (context.Layer is not { IsCoupling: true } layer || context.Remedy is not { } remedy)
        {
            yield break;
        }

        if (remedy != "Alternate")
        {
            string partition = context.Value("Partition", remedy);
            yield return new Repair($"Change the other half: 'Transforms = {partition}'", EquivalenceKey, edits => Flip(edits, context, layer, partition));
        }
        else if (layer.Syntax.Find("Transforms") is not null)
        {
            yield return new Repair("Let the couplings alternate", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.Without("Transforms")));
        }
    }

    private static void Flip(SourceEdits edits, RepairContext context, Layer layer, string partition)
    {
        // In a run of equal couplings every second one flips: one behind a flipped one is right as it is.
        var before = context.Type.Stack.Take(context.LayerIndex).LastOrDefault(static other => other.IsCoupling);
        if (before is null || edits.Current(before.Syntax) is not { } now || now.IsEquivalentTo(before.Syntax))
        {
            edits.Replace(layer.Syntax, attribute => attribute.With("Transforms", partition));
        }
    }
}
