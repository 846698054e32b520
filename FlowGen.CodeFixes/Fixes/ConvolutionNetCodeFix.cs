using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Gives a coupling of a checkerboard a conditioner that sees the pixels around.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConvolutionNetCodeFix))]
public sealed class ConvolutionNetCodeFix() : FlowCodeFix(DiagnosticIds.CheckerboardNeedsConvolution)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(ConvolutionNetCodeFix);

    private const int MostWidths = 2;

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { IsCoupling: true, Positional.Count: <= MostWidths } layer)
        {
            string net = context.Value("CouplingNet", "Conv");
            yield return new Repair($"Use '{net}'", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.With("Net", net)));
        }
    }
}
