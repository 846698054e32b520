using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>Tokens with exactly the space that they are written with, which no formatter changes.</summary>
internal static class Tokens
{
    /// <summary>A comma and a space.</summary>
    public static SyntaxToken Comma => Plain(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);

    /// <summary>A token without space.</summary>
    public static SyntaxToken Plain(SyntaxKind kind) => SyntaxFactory.Token(default, kind, default);

    /// <summary>Whether trivia end a line.</summary>
    public static bool EndsLine(SyntaxTriviaList trivia) => trivia.Any(SyntaxKind.EndOfLineTrivia);

    /// <summary>The trivia that only separate: no comments, no directives.</summary>
    public static SyntaxTriviaList Blank(SyntaxTriviaList trivia) => SyntaxFactory.TriviaList(trivia.Where(IsBlank));

    /// <summary>Whether there is nothing but space.</summary>
    public static bool IsBlank(SyntaxTriviaList trivia) => trivia.All(IsBlank);

    /// <summary>The space at the start of the line.</summary>
    public static SyntaxTriviaList Indentation(SyntaxTriviaList leading) =>
        leading is [.., var last] && last.IsKind(SyntaxKind.WhitespaceTrivia) ? SyntaxFactory.TriviaList(last) : default;

    private static bool IsBlank(SyntaxTrivia trivia) => trivia.IsKind(SyntaxKind.WhitespaceTrivia) || trivia.IsKind(SyntaxKind.EndOfLineTrivia);
}
