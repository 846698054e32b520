using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Gives a Mint layer without paths as many as one that does not say.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DefaultPathsCodeFix))]
public sealed class DefaultPathsCodeFix() : FlowCodeFix(DiagnosticIds.NoPaths)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(DefaultPathsCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { } layer && layer.Syntax.Find("Paths") is not null)
        {
            yield return new Repair("Use the default of Paths", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.Without("Paths")));
        }
    }
}
