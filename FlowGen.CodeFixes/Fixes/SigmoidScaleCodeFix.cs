using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Bounds the scale by a sigmoid with a floor.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SigmoidScaleCodeFix))]
public sealed class SigmoidScaleCodeFix() : FlowCodeFix(DiagnosticIds.UnboundedScale)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(SigmoidScaleCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("AffineCoupling") is { } layer && layer.Syntax.Find("Scale") is not null)
        {
            // A floor of zero was without effect, and would now let the scale vanish.
            bool floored = layer.Value("ScaleFloor") is not double floor || floor > 0;
            string sigmoid = context.Value("ScaleFunction", "Sigmoid");
            yield return new Repair($"Use '{sigmoid}'", EquivalenceKey, edits => edits.Replace(
                layer.Syntax, now => floored ? now.With("Scale", sigmoid) : now.With("Scale", sigmoid).With("ScaleFloor", "1e-3")));
        }
    }
}
