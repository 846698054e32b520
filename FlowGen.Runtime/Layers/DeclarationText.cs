using System.Globalization;

namespace FlowGen.Layers;

/// <summary>Writes a layer as it is declared: its name, then what is not a default.</summary>
internal static class DeclarationText
{
    /// <summary><c>Kind(first, second, Option = value)</c>, or the name alone.</summary>
    public static string Of(string kind, params ReadOnlySpan<string?> arguments)
    {
        List<string> given = [];
        foreach (string? argument in arguments)
        {
            if (argument is not null)
            {
                given.Add(argument);
            }
        }

        return given.Count == 0 ? kind : $"{kind}({string.Join(", ", given)})";
    }

    /// <summary><c>name = value</c>, or null for the default.</summary>
    public static string? Option<T>(string name, T value, T standard)
        where T : struct, IFormattable =>
        EqualityComparer<T>.Default.Equals(value, standard) ? null : $"{name} = {value.ToString(null, CultureInfo.InvariantCulture)}";

    /// <summary>The option of an enumeration, or null for the default.</summary>
    public static string? Choice<T>(string name, T value, T standard)
        where T : struct, Enum =>
        EqualityComparer<T>.Default.Equals(value, standard) ? null : $"{name} = {value}";

    /// <summary>Numbers as arguments, or null for none.</summary>
    public static string? List(ReadOnlySpan<int> values) => values.IsEmpty ? null : string.Join(", ", values.ToArray());
}
