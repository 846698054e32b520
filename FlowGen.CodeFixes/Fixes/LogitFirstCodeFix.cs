using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Moves Logit to where the data still is between 0 and 1: to the front, or behind Dequantize.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LogitFirstCodeFix))]
public sealed class LogitFirstCodeFix() : FlowCodeFix(DiagnosticIds.LogitDomain)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(LogitFirstCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        // Its own copy, or another one at the front, comes before it.
        if (context.LayerNamed("Logit") is not { Times: 1 } layer || context.LayerIndex < 1 || context.Type.Stack.Take(context.LayerIndex).Any(static before => before.Name == "Logit"))
        {
            yield break;
        }

        string text = layer.Syntax.WithoutTrivia().ToString();
        var first = context.Type.Stack[0];
        yield return new Repair($"Move [{text}] to the data", EquivalenceKey, edits =>
        {
            edits.Remove(layer.Syntax);
            if (first.Name == "Dequantize")
            {
                edits.InsertAfter(first.Syntax, text);
            }
            else
            {
                edits.InsertBefore(first.Syntax, text);
            }
        });
    }
}
