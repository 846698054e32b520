using System.Text;
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
            : Containers(type).Prepend(type).Any(static part => part.IsFileLocal) ? "it is local to its file, and the generated part is in another"
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

    /// <summary>How another part of the class is declared.</summary>
    public static TypeIdentity Identify(INamedTypeSymbol type, string engineName) => new(
        Namespace(type.ContainingNamespace),
        Containers(type).Reverse().Select(static container => $"{Keyword(container)} {Literals.Identifier(container.Name)}{TypeParameters(container)}").ToEquatableArray(),
        Literals.Identifier(type.Name),
        TypeParameters(type),
        type.Name,
        HintName(type),
        engineName);

    private static IEnumerable<INamedTypeSymbol> Containers(INamedTypeSymbol type)
    {
        for (var container = type.ContainingType; container is not null; container = container.ContainingType)
        {
            yield return container;
        }
    }

    private static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellation) => type.DeclaringSyntaxReferences.All(reference =>
        reference.GetSyntax(cancellation) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static string Namespace(INamespaceSymbol? space)
    {
        var parts = new Stack<string>();
        for (; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            parts.Push(Literals.Identifier(space.Name));
        }

        return string.Join(".", parts);
    }

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

    // File names do not tell upper from lower case and take no character but these, so a hash keeps the others apart.
    private static string HintName(INamedTypeSymbol type)
    {
        var name = new StringBuilder();
        bool ambiguous = false;
        for (ISymbol? part = type; part is INamedTypeSymbol or INamespaceSymbol { IsGlobalNamespace: false }; part = part.ContainingSymbol)
        {
            string separator = name.Length == 0 ? "" : part is INamedTypeSymbol ? "+" : ".";
            _ = name.Insert(0, part.MetadataName + separator);
            ambiguous |= (part.ContainingSymbol as INamespaceOrTypeSymbol)?.GetMembers()
                .Any(other => other.Name.Length == part.Name.Length && other.Name != part.Name && string.Equals(other.Name, part.Name, StringComparison.OrdinalIgnoreCase)) ?? false;
        }

        string exact = name.ToString();
        for (int i = 0; i < name.Length; i++)
        {
            if (!(char.IsLetterOrDigit(name[i]) || name[i] is '.' or '+' or '`' or '_'))
            {
                name[i] = '_';
                ambiguous = true;
            }
        }

        return ambiguous ? $"{name}-{Hash(exact)}.g.cs" : $"{name}.g.cs";
    }

    /// <summary>FNV-1a: the same on every runtime, which string.GetHashCode is not.</summary>
    public static string Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
