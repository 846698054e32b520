using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Makes four channels of one in front of a layer that divides channels.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertSqueezeCodeFix))]
public sealed class InsertSqueezeCodeFix() : FlowCodeFix(DiagnosticIds.PartitionLeavesNothing)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(InsertSqueezeCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { IsRepeat: false } layer && context.Remedy == "Squeeze")
        {
            string squeeze = context.Attribute("Squeeze");
            yield return new Repair($"Insert [{squeeze}]", EquivalenceKey, edits => edits.InsertBefore(layer.Syntax, squeeze));
        }
    }
}
