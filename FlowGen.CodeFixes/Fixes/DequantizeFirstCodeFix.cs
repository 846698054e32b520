using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Moves Dequantize in front of all layers.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DequantizeFirstCodeFix))]
public sealed class DequantizeFirstCodeFix() : FlowCodeFix(DiagnosticIds.DequantizeNotFirst)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(DequantizeFirstCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("Dequantize") is not { } layer || context.Type.Stack.Take(context.LayerIndex).Any(static before => before.Name == "Dequantize"))
        {
            yield break;
        }

        if (context.LayerIndex == 0)
        {
            // Its own copy comes before it.
            yield return new Repair("Dequantize once", EquivalenceKey, edits => edits.Replace(layer.Syntax, static now => now.Without("Times")));
            yield break;
        }

        var first = context.Type.Stack[0];
        string text = layer.Syntax.WithoutTrivia().Without("Times").ToString();
        yield return new Repair($"Move [{text}] to the front", EquivalenceKey, edits =>
        {
            edits.Remove(layer.Syntax);
            edits.InsertBefore(first.Syntax, text);
        });
    }
}
