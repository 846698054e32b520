using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using System.Globalization;

namespace FlowGen.CodeFixes;

/// <summary>Marks a class with layers as a flow.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkFlowCodeFix))]
public sealed class MarkFlowCodeFix() : FlowCodeFix(DiagnosticIds.LayerWithoutFlow)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(MarkFlowCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Type is not { Flow: null, Step: null, Stack: [var first, ..] stack } || context.Type.Symbol is not { IsRecord: false, IsStatic: false, IsAbstract: false })
        {
            yield break;
        }

        int listed = stack.Where(static layer => layer.Name == "Permute").Select(static layer => layer.Integers()?.Length ?? 0).FirstOrDefault();
        string marker = $"{context.Attribute("Flow")}({Math.Max(listed, 2).ToString(CultureInfo.InvariantCulture)})";
        var declarations = FlowType.Declarations(context.Type.Symbol, context.Solution, context.Cancellation).Where(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword)).ToList();
        yield return new Repair($"Mark '{context.Type.Symbol.Name}' as [{marker}]", EquivalenceKey, edits =>
        {
            edits.InsertFirst(first.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>()!, marker);
            declarations.ForEach(edits.MakePartial);
        });
    }
}
