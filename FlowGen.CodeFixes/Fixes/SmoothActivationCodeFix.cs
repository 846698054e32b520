using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Takes ELU where a triangular layer needs an activation that rises and bends smoothly.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SmoothActivationCodeFix))]
public sealed class SmoothActivationCodeFix() : FlowCodeFix(DiagnosticIds.ActivationNotSmooth, DiagnosticIds.ActivationFalls, DiagnosticIds.LinearMint, DiagnosticIds.KinkAfterMaskedConv)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(SmoothActivationCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        string elu = context.Value("Activation", "Elu");
        if (context.LayerNamed("Elementwise") is { Positional: [{ NameColon: null }] } function)
        {
            yield return new Repair($"Use '{elu}'", EquivalenceKey, edits => edits.Replace(function.Syntax, now => now.WithPositional([elu])));
        }
        else if (context.Layer is { } layer && layer.Syntax.Find("Activation") is not null)
        {
            yield return new Repair($"Use '{elu}'", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.With("Activation", elu)));
        }
    }
}
