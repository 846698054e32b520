using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Sets the floor of the scale to 1e-3.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ScaleFloorCodeFix))]
public sealed class ScaleFloorCodeFix() : FlowCodeFix(DiagnosticIds.ScaleFloor, DiagnosticIds.ScaleWithoutFloor)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(ScaleFloorCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("AffineCoupling") is { } layer)
        {
            yield return new Repair("Use a floor of 1e-3", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.With("ScaleFloor", "1e-3")));
        }
    }
}
