using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Takes an option away whose value cannot be, so that its default is taken, which fits wherever the layer does.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DropOptionCodeFix))]
public sealed class DropOptionCodeFix() : FlowCodeFix(DiagnosticIds.NoPaths, DiagnosticIds.BlockCount, DiagnosticIds.LearnedSplitPrior, DiagnosticIds.PartitionOfOtherShape)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(DropOptionCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        string option = context.Diagnostic.Id switch
        {
            DiagnosticIds.NoPaths => "Paths",
            DiagnosticIds.BlockCount => "Blocks",
            DiagnosticIds.LearnedSplitPrior => "Prior",
            _ => "Transforms",
        };
        if (context.Layer is { } layer && layer.Syntax.Find(option) is not null)
        {
            yield return new Repair($"Use the default of {option}", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.Without(option)));
        }
    }
}
