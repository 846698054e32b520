using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Gives a flow without layers a first stack.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddLayersCodeFix))]
public sealed class AddLayersCodeFix() : FlowCodeFix(DiagnosticIds.NoLayers)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(AddLayersCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Type is not { Stack.Count: 0 } || (context.Type.Flow ?? context.Type.Step) is not { ContainsDiagnostics: false } marker)
        {
            yield break;
        }

        string norm = context.Attribute("ActNorm");
        if (context.Type.Flow is not null && context.Type.Dimensions is not > 1)
        {
            yield return new Repair($"Add [{norm}]", EquivalenceKey, edits => edits.InsertAfter(marker, norm));
            yield break;
        }

        string coupling = context.Attribute("AffineCoupling") + (context.Type.Flow is null ? "(64, 64)" : "(64, 64, Times = 4)");
        yield return new Repair($"Add [{norm}] and [{coupling}]", EquivalenceKey, edits =>
        {
            edits.InsertAfter(marker, coupling);
            edits.InsertAfter(marker, norm);
        });
    }
}
