using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Generator.Parsing;

/// <summary>The class of a flow: whether it can be completed, and how another part of it is declared.</summary>
internal static class TypeParser
{
    /// <summary>Whether the class and the types around it admit another part.</summary>
    public static bool Check(INamedTypeSymbol type, ReportProblem? report, CancellationToken cancellation)
    {
        string? unsupported = type.IsRecord ? "it is a record, whose copies and equality would not include the weights"
            : type.IsStatic ? "it is static, and flows are instances"
            : type.IsAbstract ? "it is abstract, so it could not be created"
            : IsFileLocal(type) ? "it is local to its file, and the generated part is in another"
            : type.TypeKind != TypeKind.Class ? "it is not a class"
            : null;
        if (unsupported is not null)
        {
            report?.Invoke(DiagnosticIds.UnsupportedFlowType, DeclaredAttributes.NameOf(type, cancellation), type.Name, unsupported);
            return false;
        }

        bool sound = IsPartial(type, cancellation);
        if (!sound)
        {
            report?.Invoke(DiagnosticIds.FlowNotPartial, DeclaredAttributes.NameOf(type, cancellation), type.Name);
        }

        foreach (var container in Containers(type))
        {
            if (!IsPartial(container, cancellation))
            {
                report?.Invoke(DiagnosticIds.ContainerNotPartial, container.Locations.FirstOrDefault() ?? Location.None, container.Name, type.Name);
                sound = false;
            }
        }

        return sound;
    }

    /// <summary>Whether another part of a class compiles, whatever keeps it from being a flow.</summary>
    public static bool AdmitsPart(INamedTypeSymbol type, CancellationToken cancellation) =>
        type is { TypeKind: TypeKind.Class, IsStatic: false }
        && !IsFileLocal(type)
        && Containers(type).Prepend(type).All(part => IsPartial(part, cancellation));

    /// <summary>Whether all that another part of the class has to name has a name: one may not be typed yet.</summary>
    public static bool IsNamed(INamedTypeSymbol type)
    {
        for (var part = type; part is not null; part = part.ContainingType)
        {
            if (part.Name.Length == 0 || part.TypeParameters.Any(static parameter => parameter.Name.Length == 0))
            {
                return false;
            }
        }

        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (space.Name.Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How another part of the class is declared.</summary>
    public static TypeIdentity Identify(INamedTypeSymbol type, string engineName) => new(
        Namespace(type.ContainingNamespace),
        type.ContainingType is null
            ? EquatableArray<string>.Empty
            : Containers(type).Reverse().Select(static container => $"{Keyword(container)} {Literals.Identifier(container.Name)}{TypeParameters(container)}").ToEquatableArray(),
        Literals.Identifier(type.Name),
        TypeParameters(type),
        type.Name,
        MetadataName(type),
        engineName);

    private static bool IsFileLocal(INamedTypeSymbol type)
    {
        for (var part = type; part is not null; part = part.ContainingType)
        {
            if (part.IsFileLocal)
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<INamedTypeSymbol> Containers(INamedTypeSymbol type)
    {
        for (var container = type.ContainingType; container is not null; container = container.ContainingType)
        {
            yield return container;
        }
    }

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax(cancellation) is not TypeDeclarationSyntax declaration || !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                return false;
            }
        }

        return true;
    }

    private static string Namespace(INamespaceSymbol? space) =>
        space is not { IsGlobalNamespace: false } ? ""
        : space.ContainingNamespace is { IsGlobalNamespace: false } outer ? $"{Namespace(outer)}.{Literals.Identifier(space.Name)}"
        : Literals.Identifier(space.Name);

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
        { IsRecord: true } => "record",
        { TypeKind: TypeKind.Struct } => "struct",
        { TypeKind: TypeKind.Interface } => "interface",
        _ => "class",
    };

    private static string TypeParameters(INamedTypeSymbol type) => type.TypeParameters.IsEmpty
        ? ""
        : $"<{string.Join(", ", type.TypeParameters.Select(static parameter => Literals.Identifier(parameter.Name)))}>";

    private static string MetadataName(ISymbol part) => part.ContainingSymbol switch
    {
        INamedTypeSymbol outer => $"{MetadataName(outer)}+{part.MetadataName}",
        INamespaceSymbol { IsGlobalNamespace: false } outer => $"{MetadataName(outer)}.{part.MetadataName}",
        _ => part.MetadataName,
    };
}
