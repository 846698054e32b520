using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Gives Logit its default margin.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LogitMarginCodeFix))]
public sealed class LogitMarginCodeFix() : FlowCodeFix(DiagnosticIds.LogitMargin)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(LogitMarginCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("Logit") is { Positional.Count: > 0 } layer)
        {
            yield return new Repair("Use the default margin of 1e-6", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.WithPositional([])));
        }
    }
}
