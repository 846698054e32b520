using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Parsing;

/// <summary>The public members that every flow is completed with, to be kept apart from the user's.</summary>
internal static class GeneratedMembers
{
    private const string Input = "System.ReadOnlySpan<float>";
    private const string Output = "System.Span<float>";

    // Methods by name with the types of their parameters; properties have none.
    private static readonly Dictionary<string, string[]?> Members = new(StringComparer.Ordinal)
    {
        ["Create"] = ["ulong"],
        ["Description"] = null,
        ["Parameters"] = null,
        ["IsInitialized"] = null,
        ["Forward"] = [Input, Output, Output],
        ["Inverse"] = [Input, Output, Output],
        ["LogProb"] = [Input, Output],
        ["Sample"] = [Output, "ulong", "float"],
        ["LossGradient"] = [Input, Output, "FlowGen.GradientOptions"],
        ["Pullback"] = [Input, Input, Input, Output, Output],
        ["Initialize"] = [Input],
    };

    /// <summary>The enumerations that attributes are written with.</summary>
    private static readonly HashSet<string> Enumerations = new(StringComparer.Ordinal)
    {
        "Activation", "AffineForm", "CouplingNet", "Partition", "Prior", "ScaleFunction",
    };

    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>The members' names.</summary>
    public static IEnumerable<string> Names => Members.Keys;

    /// <summary>Whether a type of this name could not have the generated members.</summary>
    public static bool IsReserved(string name) => Members.ContainsKey(name);

    /// <summary>Whether a member and a generated one exclude each other. Other overloads of a method do not.</summary>
    public static bool Collides(ISymbol member)
    {
        if (!Members.TryGetValue(member.Name, out string[]? parameters))
        {
            return false;
        }

        return parameters is null
            || member is not IMethodSymbol method
            || (method.TypeParameters.IsEmpty && method.Parameters.Select(static parameter => parameter.Type.ToDisplayString(TypeFormat)).SequenceEqual(parameters));
    }

    /// <summary>Whether a generated member would hide one of a base class.</summary>
    public static bool HidesInherited(ISymbol member) => member.DeclaredAccessibility != Accessibility.Private && Collides(member);

    /// <summary>Whether a member takes the name of an enumeration away from the attributes of its class.</summary>
    public static bool HidesEnumeration(ISymbol member) => Enumerations.Contains(member.Name) && member is not IMethodSymbol { MethodKind: not MethodKind.Ordinary };
}
