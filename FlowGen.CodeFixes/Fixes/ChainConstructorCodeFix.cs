using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Lets a constructor call the generated one.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ChainConstructorCodeFix))]
public sealed class ChainConstructorCodeFix() : FlowCodeFix(DiagnosticIds.ConstructorNotChained)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(ChainConstructorCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Node.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not { ContainsDiagnostics: false } constructor
            || constructor.Modifiers.Any(SyntaxKind.StaticKeyword)
            || constructor.Initializer is { RawKind: (int)SyntaxKind.ThisConstructorInitializer } or { ArgumentList.Arguments.Count: > 0 }
            || context.Model.GetDeclaredSymbol(constructor, context.Cancellation) is not { } method
            || method.Parameters is [{ Type.SpecialType: SpecialType.System_UInt64, RefKind: RefKind.None }])
        {
            yield break;
        }

        // With the parameter's name, no constructor of the user's is meant.
        var seed = method.Parameters.FirstOrDefault(static parameter => parameter is { Name: "seed", Type.SpecialType: SpecialType.System_UInt64 });
        string arguments = seed is not null ? "(seed)" : "(seed: 0)";
        if (seed is null && context.Type.Symbol.InstanceConstructors.Any(static other => !IsGenerated(other) && other.Parameters.Any(static parameter => parameter.Name == "seed")))
        {
            yield break;
        }

        yield return new Repair($"Call the generated constructor: 'this{arguments}'", EquivalenceKey, edits => edits.Replace(constructor, now => Chain(now, arguments)));
    }

    private static bool IsGenerated(IMethodSymbol constructor) =>
        constructor.Parameters is [{ Name: "seed", IsOptional: true, Type.SpecialType: SpecialType.System_UInt64 }];

    private static ConstructorDeclarationSyntax Chain(ConstructorDeclarationSyntax constructor, string arguments)
    {
        var call = SyntaxFactory.ConstructorInitializer(
            SyntaxKind.ThisConstructorInitializer,
            Tokens.Plain(SyntaxKind.ColonToken).WithTrailingTrivia(SyntaxFactory.Space),
            Tokens.Plain(SyntaxKind.ThisKeyword),
            SyntaxFactory.ParseArgumentList(arguments));
        if (constructor.Initializer is { } old)
        {
            return constructor.WithInitializer(call.WithTriviaFrom(old));
        }

        // The call takes the place behind the parameters, and what ended the line there ends it still.
        var trailing = constructor.ParameterList.GetTrailingTrivia();
        return constructor
            .WithParameterList(constructor.ParameterList.WithTrailingTrivia(SyntaxFactory.Space))
            .WithInitializer(call.WithTrailingTrivia(trailing));
    }
}
