using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Generator.Parsing;

/// <summary>The members that the user wrote, which the generated ones have to live with.</summary>
/// <param name="type">The flow.</param>
/// <param name="report">Told of what is wrong; null in the generator.</param>
/// <param name="cancellation">Stops parsing.</param>
internal sealed class MemberParser(INamedTypeSymbol type, ReportProblem? report, CancellationToken cancellation)
{
    private readonly SyntaxTree? generated = GeneratedTree(type);

    /// <summary>Whether the generated members can stand beside the user's.</summary>
    public bool Check()
    {
        bool sound = CheckName() & CheckBase();
        foreach (var member in type.GetMembers())
        {
            if (!member.IsImplicitlyDeclared && !IsGenerated(member))
            {
                sound &= member is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor ? CheckConstructor(constructor) : CheckMember(member);
            }
        }

        return sound;
    }

    /// <summary>A name for the field that keeps the engine.</summary>
    public string EngineName()
    {
        string name = "engine";
        for (int i = 2; IsTaken(name); i++)
        {
            name = "engine" + Helpers.Literals.Of(i);
        }

        return name;
    }

    /// <summary>Whether a class that derives from a constructor's can call it without arguments.</summary>
    public static bool IsCallable(IMethodSymbol constructor, INamedTypeSymbol derived) =>
        constructor.Parameters.All(static parameter => parameter.IsOptional || parameter.IsParams) && IsAccessible(constructor, derived);

    /// <summary>Whether a class that derives from a constructor's can call it.</summary>
    public static bool IsAccessible(IMethodSymbol constructor, INamedTypeSymbol derived) => constructor.DeclaredAccessibility switch
    {
        Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal => true,
        Accessibility.Internal or Accessibility.ProtectedAndInternal => SymbolEqualityComparer.Default.Equals(constructor.ContainingAssembly, derived.ContainingAssembly),
        _ => false,
    };

    private bool IsTaken(string name)
    {
        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            foreach (var member in owner.GetMembers(name))
            {
                if (!IsGenerated(member))
                {
                    return true;
                }
            }

            foreach (var parameter in owner.TypeParameters)
            {
                if (parameter.Name == name)
                {
                    return true;
                }
            }
        }

        return type.Name == name;
    }

    /// <summary>The file that this generator wrote for the class, which the analyzers see and the generator does not.</summary>
    private static SyntaxTree? GeneratedTree(INamedTypeSymbol type)
    {
        foreach (var data in type.GetAttributes())
        {
            if (data.AttributeClass is { Name: "GeneratedCodeAttribute" }
                && data.ConstructorArguments is [{ Value: "FlowGen" }, ..]
                && data.ApplicationSyntaxReference is { } reference)
            {
                return reference.SyntaxTree;
            }
        }

        return null;
    }

    private bool IsGenerated(ISymbol member) =>
        generated is not null && member.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == generated);

    private bool CheckName()
    {
        if (!GeneratedMembers.IsReserved(type.Name))
        {
            return true;
        }

        report?.Invoke(DiagnosticIds.MemberCollision, DeclaredAttributes.NameOf(type, cancellation), type.Name, "the name of a member");
        return false;
    }

    private bool CheckMember(ISymbol member)
    {
        if (GeneratedMembers.HidesEnumeration(member))
        {
            report?.Invoke(DiagnosticIds.HiddenEnumeration, LocationOf(member), type.Name, member.Name);
        }

        if (IsRequired(member))
        {
            report?.Invoke(DiagnosticIds.ConstructorNotChained, LocationOf(member), type.Name, "the generator creates instances and cannot know its value", "required member");
            return false;
        }

        if (GeneratedMembers.Collides(member))
        {
            report?.Invoke(DiagnosticIds.MemberCollision, LocationOf(member), type.Name, $"a member '{member.Name}'");
            return false;
        }

        return true;
    }

    private static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    private static Location LocationOf(ISymbol member) => member.Locations.FirstOrDefault() ?? Location.None;

    private bool CheckConstructor(IMethodSymbol constructor)
    {
        var syntax = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        string? problem = syntax switch
        {
            ConstructorDeclarationSyntax when constructor.Parameters is [{ Type.SpecialType: SpecialType.System_UInt64, RefKind: RefKind.None }] => "it takes the same arguments",
            ConstructorDeclarationSyntax { Initializer.RawKind: (int)SyntaxKind.ThisConstructorInitializer } => null,
            ConstructorDeclarationSyntax => "it must call it, as in ': this(seed)'",
            _ => "every other constructor would have to call it",
        };

        if (problem is null)
        {
            return true;
        }

        report?.Invoke(
            DiagnosticIds.ConstructorNotChained, LocationOf(constructor),
            type.Name, problem, syntax is ConstructorDeclarationSyntax ? "constructor" : "primary constructor");
        return false;
    }

    private bool CheckBase()
    {
        if (type.BaseType is not { SpecialType: not SpecialType.System_Object } parent)
        {
            return true;
        }

        string? problem = null;
        for (var owner = parent; owner is { SpecialType: not SpecialType.System_Object } && problem is null; owner = owner.BaseType)
        {
            problem = owner.TypeKind == TypeKind.Error ? ""
                : owner.GetAttributes().Any(static data => KnownSymbols.IsFlow(data.AttributeClass)) ? "which is a flow itself: compose flows with [Repeat] instead"
                : owner.GetMembers().FirstOrDefault(GeneratedMembers.HidesInherited) is { } hidden ? $"whose member '{hidden.Name}' the generated one would hide"
                : owner.GetMembers().FirstOrDefault(IsRequired) is { } required ? $"whose member '{required.Name}' is required, while the generator creates instances and cannot know its value"
                : null;
        }

        if (problem is null && !parent.InstanceConstructors.Any(constructor => IsCallable(constructor, type)))
        {
            problem = "which has no accessible constructor without parameters";
        }

        if (problem is { Length: > 0 })
        {
            report?.Invoke(DiagnosticIds.BaseNotConstructible, DeclaredAttributes.NameOf(type, cancellation), type.Name, parent.Name, problem);
        }

        return problem is null;
    }
}
