using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>Attributes added to and taken from the lists of a class, whether a bracket holds one or several.</summary>
internal static class AttributeLists
{
    /// <summary>An attribute from its text.</summary>
    public static AttributeSyntax Parse(string text) => ParseList(text).Attributes[0];

    /// <summary>Adds an attribute in front of another.</summary>
    public static void InsertBefore(this SourceEdits edits, AttributeSyntax anchor, string text)
    {
        if (edits.Current(anchor) is not { Parent: AttributeListSyntax now } current)
        {
            return;
        }

        int index = now.Attributes.IndexOf(current);
        if (index > 0)
        {
            edits.InsertInside(anchor, index, text);
            return;
        }

        edits.ReplaceWithMany((AttributeListSyntax)anchor.Parent!, list => Before(list, text));
    }

    /// <summary>Adds an attribute behind another.</summary>
    public static void InsertAfter(this SourceEdits edits, AttributeSyntax anchor, string text)
    {
        if (edits.Current(anchor) is not { Parent: AttributeListSyntax now } current)
        {
            return;
        }

        int index = now.Attributes.IndexOf(current) + 1;
        if (index < now.Attributes.Count)
        {
            edits.InsertInside(anchor, index, text);
            return;
        }

        edits.ReplaceWithMany((AttributeListSyntax)anchor.Parent!, list => After(list, text));
    }

    /// <summary>Puts another attribute in the place of one.</summary>
    public static void ReplaceWith(this SourceEdits edits, AttributeSyntax attribute, string text) =>
        edits.Replace(attribute, now => Parse(text).WithTriviaFrom(now));

    /// <summary>Takes an attribute away, with its bracket if it was alone; comments stay.</summary>
    public static void Remove(this SourceEdits edits, AttributeSyntax attribute)
    {
        if (edits.Current(attribute) is not { Parent: AttributeListSyntax list } current)
        {
            return;
        }

        if (list.Attributes.Count > 1)
        {
            edits.Replace((AttributeListSyntax)attribute.Parent!, now => WithoutAttribute(now, now.Attributes.IndexOf(current)));
        }
        else if (attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration)
        {
            edits.Replace(declaration, now => WithoutList(now, now.AttributeLists.IndexOf(list)));
        }
    }

    /// <summary>Adds an attribute in front of all others of a declaration.</summary>
    public static void InsertFirst(this SourceEdits edits, TypeDeclarationSyntax declaration, string text)
    {
        if (edits.Current(declaration) is not { } current)
        {
            return;
        }

        if (current.AttributeLists.Count > 0)
        {
            edits.Replace(declaration, now => now.WithAttributeLists(SyntaxFactory.List(
                Before(now.AttributeLists[0], text).Concat(now.AttributeLists.Skip(1)))));
            return;
        }

        edits.Replace(declaration, now =>
        {
            var lead = now.GetLeadingTrivia();
            return now.WithLeadingTrivia(Tokens.Indentation(lead))
                .WithAttributeLists(SyntaxFactory.SingletonList(ParseList(text).WithLeadingTrivia(lead).WithTrailingTrivia(LineEnd(declaration))));
        });
    }

    private static IEnumerable<AttributeListSyntax> Before(AttributeListSyntax list, string text)
    {
        var lead = list.GetLeadingTrivia();
        var separator = Separator(list);
        bool isFirst = list.Parent is TypeDeclarationSyntax type && type.AttributeLists[0] == list;

        // What stands before the first list belongs to the class, what stands before another one to that list.
        return isFirst || !Tokens.EndsLine(separator)
            ? [ParseList(text).WithLeadingTrivia(lead).WithTrailingTrivia(separator), list.WithLeadingTrivia(Tokens.EndsLine(separator) ? Tokens.Indentation(lead) : default)]
            : [ParseList(text).WithLeadingTrivia(Tokens.Indentation(lead)).WithTrailingTrivia(separator), list];
    }

    private static IEnumerable<AttributeListSyntax> After(AttributeListSyntax list, string text)
    {
        var separator = Separator(list);
        var added = ParseList(text).WithTrailingTrivia(separator);
        return Tokens.EndsLine(separator)
            ? [list, added.WithLeadingTrivia(Tokens.Indentation(list.GetLeadingTrivia()))]
            : [list.GetTrailingTrivia().Count == 0 ? list.WithTrailingTrivia(separator) : list, added];
    }

    private static void InsertInside(this SourceEdits edits, AttributeSyntax anchor, int index, string text) =>
        edits.Replace((AttributeListSyntax)anchor.Parent!, list =>
        {
            var parts = list.Attributes.GetWithSeparators().ToList();
            var comma = list.Attributes.GetSeparator(index - 1);
            parts.Insert(2 * index, Parse(text).WithLeadingTrivia(Tokens.Blank(list.Attributes[index].GetLeadingTrivia())));
            parts.Insert((2 * index) + 1, comma.WithLeadingTrivia().WithTrailingTrivia(Tokens.Blank(comma.TrailingTrivia)));
            return list.WithAttributes(SyntaxFactory.SeparatedList<AttributeSyntax>(new SyntaxNodeOrTokenList(parts)));
        });

    private static AttributeListSyntax WithoutAttribute(AttributeListSyntax list, int index)
    {
        var removed = list.Attributes[index];
        var attributes = list.Attributes.RemoveAt(index);
        if (index == 0)
        {
            attributes = attributes.Replace(attributes[0], attributes[0].WithLeadingTrivia(removed.GetLeadingTrivia()));
        }

        return list.WithAttributes(attributes);
    }

    private static TypeDeclarationSyntax WithoutList(TypeDeclarationSyntax type, int index)
    {
        var list = type.AttributeLists[index];
        var kept = list.GetLeadingTrivia();
        var trailing = list.GetTrailingTrivia();
        var without = type.WithAttributeLists(type.AttributeLists.RemoveAt(index));
        if (!Tokens.IsBlank(trailing))
        {
            kept = kept.AddRange(trailing.SkipWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
            kept = Tokens.EndsLine(trailing) ? kept.AddRange(Tokens.Indentation(list.GetLeadingTrivia())) : kept;
        }

        var next = index < without.AttributeLists.Count ? without.AttributeLists[index].GetFirstToken() : FirstTokenAfterAttributes(without);
        var lead = next.LeadingTrivia;

        // The end of the line goes with the list, so the indentation is there twice.
        int doubled = Tokens.EndsLine(trailing) ? Tokens.Indentation(lead).Count : 0;
        return without.ReplaceToken(next, next.WithLeadingTrivia(kept.Take(kept.Count - Tokens.Indentation(kept).Count * Math.Min(doubled, 1)).Concat(lead)));
    }

    private static SyntaxToken FirstTokenAfterAttributes(TypeDeclarationSyntax type) => type.Modifiers is [var first, ..] ? first : type.Keyword;

    private static SyntaxTriviaList Separator(AttributeListSyntax list)
    {
        var blank = Tokens.Blank(list.GetTrailingTrivia());
        return blank.Count == 0 ? SyntaxFactory.TriviaList(SyntaxFactory.Space)
            : Tokens.EndsLine(blank) ? SyntaxFactory.TriviaList(blank.Last())
            : blank;
    }

    private static SyntaxTriviaList LineEnd(SyntaxNode node)
    {
        var end = node.SyntaxTree.GetRoot().DescendantTrivia().FirstOrDefault(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return SyntaxFactory.TriviaList(end.IsKind(SyntaxKind.None) ? SyntaxFactory.LineFeed : end);
    }

    private static AttributeListSyntax ParseList(string text) =>
        ((TypeDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"[{text}]class C;")!).AttributeLists[0];
}
