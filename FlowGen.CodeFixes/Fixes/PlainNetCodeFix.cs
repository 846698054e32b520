using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Takes a conditioner of dense layers without residual connections, whose widths may differ.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PlainNetCodeFix))]
public sealed class PlainNetCodeFix() : FlowCodeFix(DiagnosticIds.ResidualWidthsDiffer, DiagnosticIds.ConvolutionNeedsImage)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(PlainNetCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { IsCoupling: true } layer && layer.Syntax.Find("Net") is not null)
        {
            // By name: on an image, nothing said means convolutions.
            string plain = context.Value("CouplingNet", "Mlp");
            yield return new Repair($"Use '{plain}'", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.With("Net", plain).Without("Blocks")));
        }
    }
}
