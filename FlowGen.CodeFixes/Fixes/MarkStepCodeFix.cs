using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Marks a class with layers as a step.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkStepCodeFix))]
public sealed class MarkStepCodeFix() : FlowCodeFix(DiagnosticIds.NotAStep, DiagnosticIds.LayerWithoutFlow)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(MarkStepCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        var step = context.Diagnostic.Id == DiagnosticIds.LayerWithoutFlow ? context.Type
            : context.Layer is { IsRepeat: true } repeat && repeat.Data.AttributeClass!.TypeArguments is [INamedTypeSymbol { TypeKind: TypeKind.Class } argument]
                ? FlowType.Of(argument.OriginalDefinition, context.Cancellation)
            : null;
        if (step is not { Flow: null, Step: null, Stack.Count: > 0 }
            || FlowType.Declarations(step.Symbol, context.Solution, context.Cancellation).ToList() is not [var first, ..] declarations)
        {
            yield break;
        }

        // Where the layers are.
        var declaration = declarations.Find(declaration => step.Stack.Any(layer => layer.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() == declaration)) ?? first;
        string marker = Names.Attribute(context.ModelOf(declaration), declaration.SpanStart, "FlowStep");
        yield return new Repair($"Mark '{step.Symbol.Name}' as [{marker}]", EquivalenceKey, edits =>
        {
            // Another diagnostic of the same repair can have marked it.
            if (edits.Current(declaration) is { } now && now.AttributeLists.Count(list => list.Attributes.Any(attribute => attribute.ToString() == marker)) == 0)
            {
                edits.InsertFirst(declaration, marker);
            }
        });
    }
}
