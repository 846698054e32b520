using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Inserts a learned linear map between two equal couplings, or in front of couplings that do not mix all coordinates.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertLinearCodeFix))]
public sealed class InsertLinearCodeFix() : FlowCodeFix(DiagnosticIds.SamePartition, DiagnosticIds.IncompleteMixing)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(InsertLinearCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        var anchor = context.Diagnostic.Id == DiagnosticIds.IncompleteMixing ? FirstCoupling(context)
            : context.Remedy is not (null or "Alternate") ? context.Layer
            : null;
        if (anchor is not null)
        {
            string linear = context.Attribute(context.Type.IsImage ? "Invertible1x1Conv" : "InvertibleLinear");
            yield return new Repair($"Insert [{linear}]", EquivalenceKey, edits => edits.InsertBefore(anchor.Syntax, linear));
        }
    }

    // Its matrix has as many weights as the coordinates squared.
    private const int MostDimensions = 256;

    private static Layer? FirstCoupling(RepairContext context) => context.Type.Dimensions <= MostDimensions
        ? context.Type.Stack.FirstOrDefault(static layer => layer.IsCoupling || layer.IsRepeat)
        : null;
}
