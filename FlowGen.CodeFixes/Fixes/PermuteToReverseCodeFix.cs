using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Reverses the order of the coordinates in the place of a permutation that is none.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PermuteToReverseCodeFix))]
public sealed class PermuteToReverseCodeFix() : FlowCodeFix(DiagnosticIds.NotAPermutation)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(PermuteToReverseCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("Permute") is { } layer)
        {
            string reverse = context.Attribute("Reverse");
            yield return new Repair($"Replace it by [{reverse}]", EquivalenceKey, edits => edits.ReplaceWith(layer.Syntax, reverse));
        }
    }
}
