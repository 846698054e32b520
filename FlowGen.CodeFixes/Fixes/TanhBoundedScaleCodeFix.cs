using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Bounds the logarithm of the scale by a learned multiple of tanh.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TanhBoundedScaleCodeFix))]
public sealed class TanhBoundedScaleCodeFix() : FlowCodeFix(DiagnosticIds.UnboundedScale)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(TanhBoundedScaleCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("AffineCoupling") is { } layer && layer.Syntax.Find("Scale") is not null)
        {
            string bounded = context.Value("ScaleFunction", "TanhBounded");
            yield return new Repair($"Use '{bounded}'", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.With("Scale", bounded)));
        }
    }
}
