using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>An attribute that declares a layer, or repeats a step.</summary>
/// <param name="Syntax">As written.</param>
/// <param name="Data">As understood.</param>
internal sealed record Layer(AttributeSyntax Syntax, AttributeData Data)
{
    private const string Suffix = "Attribute";

    /// <summary>The layer's name.</summary>
    public string Name { get; } = ShortName(Data.AttributeClass!);

    /// <summary>Whether it repeats a step.</summary>
    public bool IsRepeat => Name == "Repeat";

    /// <summary>Whether it changes one half of the coordinates by the other.</summary>
    public bool IsCoupling => Name.EndsWith("Coupling", StringComparison.Ordinal);

    /// <summary>How many layers it stands for.</summary>
    public int Times => IsRepeat ? 1 : Value("Times") is int times ? times : 1;

    /// <summary>The arguments without a name.</summary>
    public IReadOnlyList<AttributeArgumentSyntax> Positional =>
        [.. (Syntax.ArgumentList?.Arguments ?? default).Where(static argument => argument.NameEquals is null)];

    /// <summary>The value of a named argument that was given.</summary>
    public object? Value(string name) =>
        Data.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value is { Kind: not TypedConstantKind.Array } constant ? constant.Value : null;

    /// <summary>The whole numbers of the list that it is given; null if they are not written one by one.</summary>
    public int[]? Integers()
    {
        var written = Positional;
        return Data.ConstructorArguments is [{ Kind: TypedConstantKind.Array, IsNull: false } list]
            && list.Values.Length == written.Count
            && written.All(static argument => argument.NameColon is null)
            && list.Values.All(static item => item.Value is int)
            ? [.. list.Values.Select(static item => (int)item.Value!)]
            : null;
    }

    /// <summary>An attribute's name as it is written.</summary>
    private static string ShortName(INamedTypeSymbol type) =>
        type.Name.EndsWith(Suffix, StringComparison.Ordinal) ? type.Name.Substring(0, type.Name.Length - Suffix.Length) : type.Name;
}
