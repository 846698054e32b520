using System.Collections.Immutable;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.Generator.Parsing;

/// <summary>The arguments of an attribute without errors, as plain values.</summary>
internal sealed class AttributeArguments
{
    private readonly ImmutableArray<TypedConstant> positional;
    private readonly ImmutableArray<KeyValuePair<string, TypedConstant>> named;

    private readonly INamedTypeSymbol owner;

    private readonly CancellationToken cancellation;

    private AttributeArguments(AttributeData data, INamedTypeSymbol owner, CancellationToken cancellation)
    {
        this.owner = owner;
        this.cancellation = cancellation;
        positional = data.ConstructorArguments;
        named = data.NamedArguments;
    }

    /// <summary>The arguments, or null while the attribute does not compile.</summary>
    /// <param name="data">The attribute.</param>
    /// <param name="owner">The class that it is on.</param>
    /// <param name="cancellation">Stops parsing.</param>
    public static AttributeArguments? Create(AttributeData data, INamedTypeSymbol owner, CancellationToken cancellation)
    {
        // An argument that could not be bound is either an error or missing from the data.
        if (data.AttributeConstructor is null
            || data.ConstructorArguments.Any(IsBroken)
            || data.NamedArguments.Any(static argument => IsBroken(argument.Value))
            || !IsSound(data, cancellation))
        {
            return null;
        }

        return new AttributeArguments(data, owner, cancellation);
    }

    /// <summary>The number of positional arguments.</summary>
    public int Count => positional.Length;

    /// <summary>A named whole number.</summary>
    public int Int32(string name, int fallback) => Named(name) is int value ? value : fallback;

    /// <summary>A positional whole number.</summary>
    public int Int32(int position) => Positional(position) is int value ? value : 0;

    /// <summary>A positional whole number without sign.</summary>
    public ulong UInt64(int position) => Positional(position) is ulong value ? value : 0;

    /// <summary>A named number.</summary>
    public double Double(string name, double fallback) => Named(name) is double value ? value : fallback;

    /// <summary>A positional number.</summary>
    public double Double(int position, double fallback) => Positional(position) is double value ? value : fallback;

    /// <summary>A named value of an enumeration, which the compiler hands over as its number.</summary>
    public TEnum Enum<TEnum>(string name, TEnum fallback)
        where TEnum : struct, Enum => Named(name) is int value ? (TEnum)(object)value : fallback;

    /// <summary>The same, or null where it is not given.</summary>
    public TEnum? Enum<TEnum>(string name)
        where TEnum : struct, Enum => Named(name) is int value ? (TEnum)(object)value : null;

    /// <summary>A positional value of an enumeration.</summary>
    public TEnum Enum<TEnum>(int position)
        where TEnum : struct, Enum => (TEnum)(object)Int32(position);

    /// <summary>The function that a positional string names, or null if it is no string; null names none.</summary>
    public ScalarFunction? Function(int position) =>
        position < positional.Length && positional[position].Type?.SpecialType == SpecialType.System_String ? ScalarParser.Parse(owner, Positional(position) as string ?? "", cancellation) : null;

    /// <summary>A list of whole numbers.</summary>
    public EquatableArray<int> Integers(int position) =>
        position < positional.Length && positional[position] is { Kind: TypedConstantKind.Array, IsNull: false } list
            ? list.Values.Select(static item => item.Value is int value ? value : 0).ToEquatableArray()
            : EquatableArray<int>.Empty;

    private static bool IsBroken(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error || (constant is { Kind: TypedConstantKind.Array, IsNull: false } && constant.Values.Any(IsBroken));

    // Attributes of metadata have no syntax, and no errors.
    private static bool IsSound(AttributeData data, CancellationToken cancellation)
    {
        if (data.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax)
        {
            return true;
        }

        int named = 0;
        if (syntax.ArgumentList is { } list)
        {
            foreach (var argument in list.Arguments)
            {
                named += argument.NameEquals is null ? 0 : 1;
            }
        }

        return !syntax.ContainsDiagnostics && (named == 0 || named == data.NamedArguments.Length);
    }

    private object? Positional(int position) =>
        position < positional.Length && positional[position].Kind != TypedConstantKind.Array ? positional[position].Value : null;

    private object? Named(string name)
    {
        foreach (var argument in named)
        {
            if (argument.Key == name && argument.Value.Kind != TypedConstantKind.Array)
            {
                return argument.Value.Value;
            }
        }

        return null;
    }
}
