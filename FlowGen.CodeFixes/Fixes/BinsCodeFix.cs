using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Dequantizes bytes.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BinsCodeFix))]
public sealed class BinsCodeFix() : FlowCodeFix(DiagnosticIds.BinsOutOfRange)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(BinsCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("Dequantize") is { } layer)
        {
            yield return new Repair("Use 256 bins", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.With("Bins", "256")));
        }
    }
}
