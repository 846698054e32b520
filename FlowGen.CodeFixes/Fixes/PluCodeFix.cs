using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Learns a large matrix in factors, the determinant of which is a sum.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PluCodeFix))]
public sealed class PluCodeFix() : FlowCodeFix(DiagnosticIds.LargeDenseMatrix)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(PluCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { } layer && layer.Syntax.Find("Parameterization") is not null)
        {
            string plu = context.Value("LinearParameterization", "Plu");
            yield return new Repair($"Use '{plu}'", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.Without("Parameterization")));
        }
    }
}
