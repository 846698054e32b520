using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>Changes to declarations other than their attributes.</summary>
internal static class Declarations
{
    /// <summary>Makes a declaration partial, unless it is.</summary>
    public static void MakePartial(this SourceEdits edits, TypeDeclarationSyntax declaration)
    {
        if (edits.Current(declaration) is { } current && !current.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            edits.Replace(declaration, Partial);
        }
    }

    /// <summary>Takes a member away, with its comments.</summary>
    public static void RemoveNode(this SourceEdits edits, MemberDeclarationSyntax member)
    {
        if (member.Parent is TypeDeclarationSyntax declaration && edits.Current(member) is { } current)
        {
            edits.Replace(declaration, now => WithoutMember(now, now.Members.IndexOf(current)));
        }
    }

    private static SyntaxNode WithoutMember(TypeDeclarationSyntax type, int index)
    {
        var without = type.RemoveNode(type.Members[index], SyntaxRemoveOptions.KeepDirectives)!;
        if (index > 0 || without.Members.Count == 0)
        {
            return without;
        }

        // The first member needs no empty line in front of it.
        var first = without.Members[0];
        return without.ReplaceNode(first, first.WithLeadingTrivia(first.GetLeadingTrivia().SkipWhile(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia))));
    }

    private static TypeDeclarationSyntax Partial(TypeDeclarationSyntax type)
    {
        var space = SyntaxFactory.TriviaList(SyntaxFactory.Space);
        if (type.Modifiers.Count > 0)
        {
            // The last modifier keeps the comments in front of the keyword, so that partial stays next to it.
            return (TypeDeclarationSyntax)type.WithModifiers(type.Modifiers.Add(SyntaxFactory.Token(default, SyntaxKind.PartialKeyword, space)));
        }

        var partial = SyntaxFactory.Token(type.Keyword.LeadingTrivia, SyntaxKind.PartialKeyword, space);
        return (TypeDeclarationSyntax)type.WithKeyword(type.Keyword.WithLeadingTrivia()).WithModifiers(SyntaxFactory.TokenList(partial));
    }
}
