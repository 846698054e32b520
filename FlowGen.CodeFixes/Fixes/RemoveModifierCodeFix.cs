using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Removes the modifier that keeps a class from being a flow: static, abstract or file.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveModifierCodeFix))]
public sealed class RemoveModifierCodeFix() : FlowCodeFix(DiagnosticIds.UnsupportedFlowType)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(RemoveModifierCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        var type = context.Type.Symbol;
        var modifier = type.IsRecord || type.TypeKind != TypeKind.Class ? SyntaxKind.None
            : type.IsStatic ? SyntaxKind.StaticKeyword
            : type.IsAbstract ? (type.GetMembers().Any(static member => member.IsAbstract) ? SyntaxKind.None : SyntaxKind.AbstractKeyword)
            : type.IsFileLocal ? SyntaxKind.FileKeyword
            : SyntaxKind.None;
        var declarations = FlowType.Declarations(type, context.Solution, context.Cancellation).Where(declaration => declaration.Modifiers.Any(modifier)).ToList();
        if (modifier != SyntaxKind.None && declarations.Count > 0)
        {
            yield return new Repair(
                $"Remove '{SyntaxFacts.GetText(modifier)}'", EquivalenceKey, edits => declarations.ForEach(declaration => edits.Replace(declaration, now => Without(now, modifier))));
        }
    }

    private static TypeDeclarationSyntax Without(TypeDeclarationSyntax type, SyntaxKind modifier)
    {
        int index = type.Modifiers.IndexOf(modifier);
        var lead = type.Modifiers[index].LeadingTrivia;
        var without = (TypeDeclarationSyntax)type.WithModifiers(type.Modifiers.RemoveAt(index));
        var next = index < without.Modifiers.Count ? without.Modifiers[index] : without.Keyword;
        return without.ReplaceToken(next, next.WithLeadingTrivia(lead.AddRange(next.LeadingTrivia)));
    }
}
