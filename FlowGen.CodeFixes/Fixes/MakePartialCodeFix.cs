using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Makes every declaration of a flow, or of a type around it, partial.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialCodeFix))]
public sealed class MakePartialCodeFix() : FlowCodeFix(DiagnosticIds.FlowNotPartial, DiagnosticIds.ContainerNotPartial)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(MakePartialCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        var declarations = FlowType.Declarations(context.Type.Symbol, context.Solution, context.Cancellation).Where(IsWhole).ToList();
        if (declarations.Count > 0)
        {
            yield return new Repair($"Make '{context.Type.Symbol.Name}' partial", EquivalenceKey, edits => declarations.ForEach(edits.MakePartial));
        }
    }

    private static bool IsWhole(TypeDeclarationSyntax type) => !type.Modifiers.Any(SyntaxKind.PartialKeyword) && !type.Identifier.IsMissing;
}
