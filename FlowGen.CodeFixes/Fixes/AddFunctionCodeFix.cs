using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Adds the method that <c>[Elementwise(nameof(...))]</c> names: one that is proved to be invertible.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddFunctionCodeFix))]
public sealed class AddFunctionCodeFix() : FlowCodeFix(DiagnosticIds.FunctionNotFound, UnknownName)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(AddFunctionCodeFix);

    // What the compiler says of nameof(...) where the name means nothing.
    private const string UnknownName = "CS0103";

    private const string Indentation = "    ";

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Node.FirstAncestorOrSelf<AttributeSyntax>() is { Parent.Parent: TypeDeclarationSyntax declaration, ArgumentList.Arguments: [var argument, ..] } attribute
            && context.Model.GetTypeInfo(attribute, context.Cancellation).Type is { } type
            && FlowType.IsOfRuntime(type, "ElementwiseAttribute")
            && argument.Contains(context.Node.FirstAncestorOrSelf<IdentifierNameSyntax>() ?? (SyntaxNode)argument)
            && Name(argument.Expression) is { } name
            && !context.Type.Symbol.MemberNames.Contains(name))
        {
            yield return new Repair($"Add 'static float {name}(float x)'", EquivalenceKey, edits => edits.Replace(declaration, now => AddMethod(now, name)));
        }
    }

    private static string? Name(ExpressionSyntax expression)
    {
        string? name = expression switch
        {
            LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal => literal.Token.ValueText,
            InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" }, ArgumentList.Arguments: [{ Expression: IdentifierNameSyntax inner }] } => inner.Identifier.ValueText,
            _ => null,
        };
        return name is not null && SyntaxFacts.IsValidIdentifier(name) && SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : null;
    }

    private static TypeDeclarationSyntax AddMethod(TypeDeclarationSyntax type, string name)
    {
        string line = type.ToFullString().Contains("\r\n") ? "\r\n" : "\n";
        string outer = string.Concat(type.GetLeadingTrivia().Reverse().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
        string before = type.Members.Count > 0 ? line : "";
        var method = SyntaxFactory.ParseMemberDeclaration($"{before}{outer}{Indentation}private static float {name}(float x) => x + (0.5f * System.MathF.Tanh(x));{line}")!;
        if (type.OpenBraceToken.IsKind(SyntaxKind.None))
        {
            // A declaration that ended with a semicolon.
            var end = SyntaxFactory.EndOfLine(line);
            var space = SyntaxFactory.Whitespace(outer);
            var semicolon = type.SemicolonToken;
            type = (TypeDeclarationSyntax)type
                .WithSemicolonToken(default)
                .WithOpenBraceToken(SyntaxFactory.Token([end, space], SyntaxKind.OpenBraceToken, [end]))
                .WithCloseBraceToken(SyntaxFactory.Token([space], SyntaxKind.CloseBraceToken, semicolon.TrailingTrivia));
        }

        return type.WithMembers(type.Members.Add(method));
    }
}
