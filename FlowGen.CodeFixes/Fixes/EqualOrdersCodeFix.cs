using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Gives the second half of a pair the order of the first.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EqualOrdersCodeFix))]
public sealed class EqualOrdersCodeFix() : FlowCodeFix(DiagnosticIds.PairOfTwoOrders)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(EqualOrdersCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { Name: "MintLayer" or "MintPair", IsRepeat: false } layer && context.Remedy is { } remedy)
        {
            string order = context.Value("TriangularOrder", remedy);
            yield return new Repair($"Use '{order}'", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.With("Order", order)));
        }
    }
}
