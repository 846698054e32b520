using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Removes a layer that does nothing, or that cannot be where it is.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveLayerCodeFix))]
public sealed class RemoveLayerCodeFix() : FlowCodeFix(DiagnosticIds.IdentityLayer, DiagnosticIds.CountOutOfRange, DiagnosticIds.StepCycle, DiagnosticIds.DequantizeNotFirst, DiagnosticIds.NotInjective)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(RemoveLayerCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is not { } layer || context.Type.Stack.Count < 2)
        {
            yield break;
        }

        // A second Dequantize has no use; the only one has, at another place.
        if (context.Diagnostic.Id != DiagnosticIds.DequantizeNotFirst
            || (layer.Name == "Dequantize" && context.Type.Stack.Take(context.LayerIndex).Any(static before => before.Name == "Dequantize")))
        {
            yield return new Repair($"Remove [{layer.Syntax.WithoutTrivia()}]", EquivalenceKey, edits => edits.Remove(layer.Syntax));
        }
    }
}
