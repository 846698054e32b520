using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>Attributes with other arguments; what is between the others stays.</summary>
internal static class Arguments
{
    /// <summary>The attribute with a named argument set.</summary>
    public static AttributeSyntax With(this AttributeSyntax attribute, string name, string value)
    {
        if (attribute.Find(name) is { } old)
        {
            return attribute.ReplaceNode(old, old.WithValue(value));
        }

        var arguments = (attribute.ArgumentList?.Arguments ?? default).ToList();
        arguments.Add(Parse($"{name} = {value}"));
        return attribute.WithAll(arguments);
    }

    /// <summary>The attribute without the arguments that a condition holds for.</summary>
    public static AttributeSyntax Without(this AttributeSyntax attribute, Func<AttributeArgumentSyntax, bool> condition)
    {
        if (attribute.ArgumentList is not { } list)
        {
            return attribute;
        }

        var arguments = list.Arguments;
        for (int i = arguments.Count - 1; i >= 0; i--)
        {
            if (condition(arguments[i]))
            {
                var lead = arguments[i].GetLeadingTrivia();
                arguments = arguments.RemoveAt(i);
                if (i == 0 && arguments.Count > 0)
                {
                    arguments = arguments.Replace(arguments[0], arguments[0].WithLeadingTrivia(lead));
                }
            }
        }

        return arguments.Count > 0
            ? attribute.WithArgumentList(list.WithArguments(arguments))
            : attribute.WithArgumentList(null).WithTrailingTrivia(list.GetTrailingTrivia());
    }

    /// <summary>The attribute without a named argument.</summary>
    public static AttributeSyntax Without(this AttributeSyntax attribute, string name) => attribute.Without(argument => IsNamed(argument, name));

    /// <summary>The attribute with other arguments without a name; those of the same text stay as they are.</summary>
    public static AttributeSyntax WithPositional(this AttributeSyntax attribute, IReadOnlyList<string> values)
    {
        var old = (attribute.ArgumentList?.Arguments ?? default).ToList();
        var positional = old.Where(static argument => argument.NameEquals is null).ToList();
        var arguments = values.Select((value, i) => i < positional.Count ? positional[i].WithValue(value) : Parse(value)).ToList();
        arguments.AddRange(old.Where(static argument => argument.NameEquals is not null));
        return attribute.WithAll(arguments);
    }

    /// <summary>The argument with another value.</summary>
    public static AttributeArgumentSyntax WithValue(this AttributeArgumentSyntax argument, string value) =>
        argument.Expression.ToString() == value ? argument : argument.WithExpression(SyntaxFactory.ParseExpression(value).WithTriviaFrom(argument.Expression));

    /// <summary>A named argument.</summary>
    public static AttributeArgumentSyntax? Find(this AttributeSyntax attribute, string name) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(argument => IsNamed(argument, name));

    private static bool IsNamed(AttributeArgumentSyntax argument, string name) => argument.NameEquals?.Name.Identifier.ValueText == name;

    private static AttributeArgumentSyntax Parse(string text) => AttributeLists.Parse($"A({text})").ArgumentList!.Arguments[0];

    private static AttributeSyntax WithAll(this AttributeSyntax attribute, List<AttributeArgumentSyntax> arguments)
    {
        if (arguments.Count == 0)
        {
            return attribute.Without(static _ => true);
        }

        var before = attribute.ArgumentList?.Arguments ?? default;
        var parts = new List<SyntaxNodeOrToken>();
        for (int i = 0; i < arguments.Count; i++)
        {
            if (i > 0)
            {
                parts.Add(i <= before.SeparatorCount ? before.GetSeparator(i - 1) : Tokens.Comma);
            }

            parts.Add(arguments[i]);
        }

        var all = SyntaxFactory.SeparatedList<AttributeArgumentSyntax>(parts);
        if (attribute.ArgumentList is { } list)
        {
            return attribute.WithArgumentList(list.WithArguments(all));
        }

        var name = attribute.Name;
        return attribute
            .WithName(name.WithoutTrailingTrivia())
            .WithArgumentList(SyntaxFactory.AttributeArgumentList(Tokens.Plain(SyntaxKind.OpenParenToken), all, Tokens.Plain(SyntaxKind.CloseParenToken).WithTrailingTrivia(name.GetTrailingTrivia())));
    }
}
