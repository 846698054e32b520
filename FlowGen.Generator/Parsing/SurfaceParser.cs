using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Generator.Parsing;

/// <summary>Which of a flow's members a class can have that is none.</summary>
internal static class SurfaceParser
{
    /// <summary>The members of a class that admits another part.</summary>
    /// <param name="type">The class.</param>
    /// <param name="errors">The rules that it breaks.</param>
    /// <param name="cancellation">Stops parsing.</param>
    public static FlowSurface Parse(INamedTypeSymbol type, IEnumerable<string> errors, CancellationToken cancellation) => new(
        TypeParser.Identify(type, new MemberParser(type, report: null, cancellation).EngineName()),
        type.IsRecord ? "record" : "class",
        GeneratedMembers.Names.Where(name => IsTaken(type, name)).ToEquatableArray(),
        Constructor(type, cancellation),
        errors.ToEquatableArray());

    private static bool IsTaken(INamedTypeSymbol type, string name)
    {
        if (type.Name == name || type.GetMembers(name).Any(GeneratedMembers.Collides))
        {
            return true;
        }

        for (var owner = type.BaseType; owner is not null; owner = owner.BaseType)
        {
            // What a flow has is hidden: Create and Description are of another type.
            if (!owner.GetAttributes().Any(static data => KnownSymbols.IsFlow(data.AttributeClass))
                && owner.GetMembers(name).Any(GeneratedMembers.HidesInherited))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Constructor(INamedTypeSymbol type, CancellationToken cancellation)
    {
        IMethodSymbol? primary = null;
        foreach (var constructor in type.InstanceConstructors)
        {
            if (constructor.Parameters is [{ Type.SpecialType: SpecialType.System_UInt64, RefKind: RefKind.None }])
            {
                return null;
            }

            if (constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is TypeDeclarationSyntax { ParameterList: not null })
            {
                primary = constructor;
            }
        }

        if (primary is not null)
        {
            return Chain("this", primary);
        }

        if (type.BaseType is not { TypeKind: not TypeKind.Error } parent || parent.InstanceConstructors.Any(constructor => MemberParser.IsCallable(constructor, type)))
        {
            return "";
        }

        return parent.InstanceConstructors.FirstOrDefault(constructor => MemberParser.IsAccessible(constructor, type)) is { } other ? Chain("base", other) : null;
    }

    // Nothing runs: any values do. Names tell the constructor from the one that is added.
    private static string? Chain(string keyword, IMethodSymbol constructor) =>
        constructor.Parameters.Any(static parameter => parameter.RefKind is not (RefKind.None or RefKind.In) || parameter.Name.Length == 0)
        || constructor.Parameters is [{ Name: "seed" }]
            ? null
            : $" : {keyword}({string.Join(", ", constructor.Parameters.Select(static parameter => $"{Literals.Identifier(parameter.Name)}: default!"))})";
}
