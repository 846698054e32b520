using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Inserts a layer or a step once.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SetCountCodeFix))]
public sealed class SetCountCodeFix() : FlowCodeFix(DiagnosticIds.CountOutOfRange)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(SetCountCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is not { } layer)
        {
            yield break;
        }

        if (layer.IsRepeat && layer.Positional.Count == 1)
        {
            yield return new Repair("Insert the step once", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.WithPositional(["1"])));
        }
        else if (layer.Syntax.Find("Times") is not null)
        {
            yield return new Repair("Insert the layer once", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.Without("Times")));
        }
    }
}
