using System.Globalization;
using System.Text;

namespace FlowGen.Serialization;

/// <summary>Text for messages about files: names come from outside, so they are quoted, escaped and cut.</summary>
internal static class FileText
{
    private const int LongestName = 80;
    private const int LongestList = 24;

    public static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, LongestName)))
        {
            _ = char.IsControl(c) || char.IsSurrogate(c)
                ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : quoted.Append(c);
        }

        return quoted.Append(text.Length > LongestName ? "...'" : "'").ToString();
    }

    public static string List(IReadOnlyCollection<string> names) => names.Count == 0
        ? "none"
        : string.Join(", ", names.Take(LongestList).Select(Quote)) + (names.Count > LongestList ? $" and {names.Count - LongestList} more" : "");

    public static string Shape<T>(IEnumerable<T> shape) => $"[{string.Join(", ", shape)}]";
}
