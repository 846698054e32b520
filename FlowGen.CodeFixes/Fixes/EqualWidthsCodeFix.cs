using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Makes the hidden layers of a residual conditioner equally wide: all as the widest.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EqualWidthsCodeFix))]
public sealed class EqualWidthsCodeFix() : FlowCodeFix(DiagnosticIds.ResidualWidthsDiffer)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(EqualWidthsCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is not { IsCoupling: true } layer || layer.Integers() is not { Length: > 1 } widths || widths.Distinct().Count() < 2)
        {
            yield break;
        }

        int widest = Enumerable.Range(0, widths.Length).OrderByDescending(i => widths[i]).First();
        string width = layer.Positional[widest].Expression.ToString();
        yield return new Repair($"Make all hidden layers {width} wide", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.WithPositional([.. widths.Select(_ => width)])));
    }
}
