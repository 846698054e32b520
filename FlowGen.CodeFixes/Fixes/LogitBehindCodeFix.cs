using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Takes what Dequantize makes from the unit interval to the line.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LogitBehindCodeFix))]
public sealed class LogitBehindCodeFix() : FlowCodeFix(DiagnosticIds.OffCentreData)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(LogitBehindCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("Dequantize") is { } layer)
        {
            string logit = $"{context.Attribute("Logit")}(0.05)";
            yield return new Repair($"Insert [{logit}]", EquivalenceKey, edits => edits.InsertAfter(layer.Syntax, logit));
        }
    }
}
