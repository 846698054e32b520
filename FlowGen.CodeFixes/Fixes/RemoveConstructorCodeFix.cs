using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Removes an empty constructor in the place of the generated one.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveConstructorCodeFix))]
public sealed class RemoveConstructorCodeFix() : FlowCodeFix(DiagnosticIds.ConstructorNotChained)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(RemoveConstructorCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Node.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is { ContainsDiagnostics: false, Initializer: null, Body: { Statements.Count: 0 } body } constructor
            && Tokens.IsBlank(body.OpenBraceToken.TrailingTrivia) && Tokens.IsBlank(body.CloseBraceToken.LeadingTrivia)
            && context.Model.GetDeclaredSymbol(constructor, context.Cancellation)?.Parameters is [{ Type.SpecialType: SpecialType.System_UInt64, RefKind: RefKind.None }])
        {
            yield return new Repair("Remove the constructor", EquivalenceKey, edits => edits.RemoveNode(constructor));
        }
    }
}
