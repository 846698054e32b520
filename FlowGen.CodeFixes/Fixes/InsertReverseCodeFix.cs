using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Inserts a reversal between two couplings that change the same half.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertReverseCodeFix))]
public sealed class InsertReverseCodeFix() : FlowCodeFix(DiagnosticIds.SamePartition)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(InsertReverseCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        // Of an odd number of coordinates, a reversal leaves the odd indices odd.
        if (context.Layer is { IsCoupling: true, Times: 1 } layer
            && context.LayerIndex >= 1
            && context.Type.Stack[context.LayerIndex - 1].IsCoupling
            && context.Remedy is { } remedy and not "Alternate"
            && context.Type.Dimensions is { } dimensions
            && (dimensions % 2 == 0 || remedy is "FirstHalf" or "SecondHalf"))
        {
            string reverse = context.Attribute("Reverse");
            yield return new Repair($"Insert [{reverse}]", EquivalenceKey, edits => edits.InsertBefore(layer.Syntax, reverse));
        }
    }
}
