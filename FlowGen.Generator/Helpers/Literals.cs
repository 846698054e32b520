using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowGen.Generator.Helpers;

/// <summary>Values as C# text, the same in every culture and on every runtime that hosts the compiler.</summary>
internal static class Literals
{
    /// <summary>A whole number.</summary>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A whole number of 64 bits.</summary>
    public static string Of(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest decimal that reads back as the same double.</summary>
    public static string Of(double value)
    {
        foreach (string format in (string[])["G15", "G16"])
        {
            string text = value.ToString(format, CultureInfo.InvariantCulture);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double back) && back.Equals(value))
            {
                return text;
            }
        }

        return value.ToString("G17", CultureInfo.InvariantCulture);
    }

    /// <summary>A number for people, in a format with few digits.</summary>
    public static string Of(double value, string format) =>
        double.IsNegativeInfinity(value) ? "-infinity" : double.IsPositiveInfinity(value) ? "infinity" : value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>A single-precision literal, from the double that was declared; beyond single precision an infinity.</summary>
    public static string Single(double value)
    {
        float single = (float)value;
        if (float.IsNaN(single) || float.IsInfinity(single))
        {
            return $"float.{(float.IsNaN(single) ? "NaN" : single > 0 ? "PositiveInfinity" : "NegativeInfinity")}";
        }

        foreach (string format in (string[])["G6", "G7", "G8"])
        {
            string text = single.ToString(format, CultureInfo.InvariantCulture);
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float back) && back.Equals(single))
            {
                return text + "f";
            }
        }

        return single.ToString("G9", CultureInfo.InvariantCulture) + "f";
    }

    /// <summary>A string literal with its quotes.</summary>
    public static string Of(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>Whole numbers with commas between.</summary>
    public static string List(IEnumerable<int> values) => string.Join(", ", values.Select(static value => Of(value)));

    /// <summary>An identifier, escaped if it is a keyword.</summary>
    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
