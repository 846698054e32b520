using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Generator.Parsing;

/// <summary>The layer attributes of a class in source order.</summary>
internal static class DeclaredAttributes
{
    /// <summary>The layers and repeats, in the order of their positions. Attributes of metadata have none and are left out.</summary>
    public static List<AttributeData> Stack(INamedTypeSymbol type) => Stack(type, out _);

    /// <summary>The same, and whether an attribute of the class does not exist.</summary>
    public static List<AttributeData> Stack(INamedTypeSymbol type, out bool isBroken)
    {
        var attributes = type.GetAttributes();
        var stack = new List<AttributeData>(attributes.Length);
        isBroken = false;
        foreach (var data in attributes)
        {
            isBroken |= data.AttributeClass is null or { TypeKind: TypeKind.Error };
            if (data.ApplicationSyntaxReference is not null && (KnownSymbols.IsLayer(data.AttributeClass) || KnownSymbols.IsRepeat(data.AttributeClass)))
            {
                stack.Add(data);
            }
        }

        // They come so, but nobody says that they do. Stable: attributes of other declarations are an error, whatever their order here.
        for (int i = 1; i < stack.Count; i++)
        {
            if (Position(stack[i]) < Position(stack[i - 1]))
            {
                return [.. stack.OrderBy(Position)];
            }
        }

        return stack;
    }

    /// <summary>The attribute as it is written.</summary>
    public static Location Location(AttributeData data, CancellationToken cancellation) =>
        data.ApplicationSyntaxReference!.GetSyntax(cancellation).GetLocation();

    /// <summary>The name of a class where the user declares it as a flow or a step; a generated part of it has none of these attributes.</summary>
    public static Location NameOf(INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (var data in type.GetAttributes())
        {
            if ((KnownSymbols.IsFlow(data.AttributeClass) || KnownSymbols.IsStep(data.AttributeClass))
                && data.ApplicationSyntaxReference?.GetSyntax(cancellation).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration)
            {
                return declaration.Identifier.GetLocation();
            }
        }

        return type.Locations.FirstOrDefault(static location => location.IsInSource) ?? Microsoft.CodeAnalysis.Location.None;
    }

    /// <summary>The number of declarations that the attributes are on.</summary>
    public static int CountDeclarations(List<AttributeData> stack, CancellationToken cancellation)
    {
        // No part of a class is inside another.
        var first = stack[0].ApplicationSyntaxReference!;
        var declaration = Declaration(first, cancellation);
        return stack.TrueForAll(data => data.ApplicationSyntaxReference is { } reference && reference.SyntaxTree == first.SyntaxTree && declaration?.Span.Contains(reference.Span) == true)
            ? 1
            : stack.Select(data => Declaration(data.ApplicationSyntaxReference!, cancellation)).Distinct().Count();
    }

    private static TypeDeclarationSyntax? Declaration(SyntaxReference attribute, CancellationToken cancellation) =>
        attribute.GetSyntax(cancellation).FirstAncestorOrSelf<TypeDeclarationSyntax>();

    private static int Position(AttributeData data) => data.ApplicationSyntaxReference!.Span.Start;
}
