using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Turns a record into a class, which has no copies that leave weights out.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RecordToClassCodeFix))]
public sealed class RecordToClassCodeFix() : FlowCodeFix(DiagnosticIds.UnsupportedFlowType)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(RecordToClassCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        // Parameters and bases of a record mean something else in a class.
        var declarations = FlowType.Declarations(context.Type.Symbol, context.Solution, context.Cancellation).ToList();
        if (context.Type.Symbol is { IsRecord: true, TypeKind: TypeKind.Class, BaseType.SpecialType: SpecialType.System_Object }
            && declarations.TrueForAll(static type => type is RecordDeclarationSyntax { ParameterList: null, Identifier.IsMissing: false }))
        {
            yield return new Repair($"Make '{context.Type.Symbol.Name}' a class", EquivalenceKey, edits => declarations.ForEach(type => edits.Replace(type, ToClass)));
        }
    }

    private static ClassDeclarationSyntax ToClass(TypeDeclarationSyntax type)
    {
        var record = (RecordDeclarationSyntax)type;
        var keyword = SyntaxFactory.Token(
            record.Keyword.LeadingTrivia,
            SyntaxKind.ClassKeyword,
            record.ClassOrStructKeyword.IsKind(SyntaxKind.None) ? record.Keyword.TrailingTrivia : record.ClassOrStructKeyword.TrailingTrivia);
        return record.CopyAnnotationsTo(SyntaxFactory.ClassDeclaration(
            record.AttributeLists, record.Modifiers, keyword, record.Identifier, record.TypeParameterList, record.ParameterList, record.BaseList,
            record.ConstraintClauses, record.OpenBraceToken, record.Members, record.CloseBraceToken, record.SemicolonToken));
    }
}
