using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Puts a layer of one coordinate in the place of a coupling that would need two.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReplaceCouplingCodeFix))]
public sealed class ReplaceCouplingCodeFix() : FlowCodeFix(DiagnosticIds.CouplingNeedsTwo)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(ReplaceCouplingCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { IsCoupling: true } layer)
        {
            string rescale = context.Attribute("Rescale");
            yield return new Repair($"Replace it by [{rescale}]", EquivalenceKey, edits => edits.ReplaceWith(layer.Syntax, rescale));
        }
    }
}
