using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Appends a diagonal scale, so that the flow can change volume.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AppendRescaleCodeFix))]
public sealed class AppendRescaleCodeFix() : FlowCodeFix(DiagnosticIds.VolumePreserving, DiagnosticIds.Untransformed)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(AppendRescaleCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        // Where coordinates depend on each other, a scale alone transforms none.
        if (context.Type is { Flow: not null, Stack: [.., var last] stack }
            && (context.Diagnostic.Id == DiagnosticIds.VolumePreserving || stack.All(static layer => layer.Name is "Dequantize" or "Permute" or "Reverse" or "Shuffle")))
        {
            string rescale = context.Attribute("Rescale");
            yield return new Repair($"Append [{rescale}]", EquivalenceKey, edits => edits.InsertAfter(last.Syntax, rescale));
        }
    }
}
