using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>
/// Offsets in code that is written before it is known where its layer is: marks that are resolved to a number for a single
/// layer, and to a number plus a stride times the instance for a run of equal layers.
/// </summary>
internal static class Place
{
    private const char Open = '\uE000';
    private const char Close = '\uE001';

    /// <summary>An offset among the trainable parameters.</summary>
    public static string Parameters(long offset = 0) => Mark('p', offset);

    /// <summary>An offset among the buffers.</summary>
    public static string Buffers(long offset = 0) => Mark('b', offset);

    /// <summary>An offset among the prepared weights.</summary>
    public static string Weights(long offset = 0) => Mark('w', offset);

    /// <summary>An offset among the accumulators of a gradient.</summary>
    public static string Sums(long offset = 0) => Mark('s', offset);

    /// <summary>What copies of one attribute differ in.</summary>
    public static string Counter() => Mark('c', 0);

    /// <summary>Whether a text has marks.</summary>
    public static bool IsIn(string text) => text.IndexOf(Open) >= 0;

    /// <summary>Whether a text has the mark of a counter.</summary>
    public static bool HasCounter(string text) => text.IndexOf(Counter(), StringComparison.Ordinal) >= 0;

    /// <summary>The text with its marks counted from arguments of the method that it is in, by the name of what they are places of.</summary>
    public static string FromArguments(string text) => text.Replace($"{Open}p", $"{Open}P").Replace($"{Open}w", $"{Open}W").Replace($"{Open}s", $"{Open}S");

    /// <summary>Replaces the marks.</summary>
    /// <param name="text">The text.</param>
    /// <param name="first">The first layer of the run.</param>
    /// <param name="second">The second, or null for a single layer.</param>
    /// <param name="instance">The number of the instance as C# text.</param>
    public static string Resolve(string text, PlacedLayer first, PlacedLayer? second, string instance)
    {
        int start = text.IndexOf(Open);
        if (start < 0)
        {
            return text;
        }

        int end = text.IndexOf(Close, start);
        char kind = text[start + 1];
        string rest = Resolve(text.Substring(end + 1), first, second, instance);
        if (kind == 'c')
        {
            ulong from = first.Layer.Counter;
            ulong rise = second is null ? 0 : second.Layer.Counter - from;
            return text.Substring(0, start) + Literals.Of(from) + (rise == 0 ? "" : $" + ({Literals.Of(rise)} * (ulong){instance})") + rest;
        }

        long offset = long.Parse(text.Substring(start + 2, end - start - 2), System.Globalization.CultureInfo.InvariantCulture);
        long here = Base(first, char.ToLowerInvariant(kind));
        long stride = second is null ? 0 : Base(second, char.ToLowerInvariant(kind)) - here;
        string value = Literals.Of(here + offset);
        string resolved = stride == 0 ? value : $"{value} + ({Literals.Of(stride)} * {instance})";
        if (Argument(kind) is { } argument)
        {
            resolved = resolved == "0" ? argument : $"{argument} + {resolved}";
        }

        return text.Substring(0, start) + resolved + rest;
    }

    private static string? Argument(char kind) => kind switch
    {
        'P' => "parameters",
        'W' => "weights",
        'S' => "accumulators",
        _ => null,
    };

    private static string Mark(char kind, long offset) => $"{Open}{kind}{Literals.Of(offset)}{Close}";

    private static long Base(PlacedLayer layer, char kind) => kind switch
    {
        'p' => layer.Parameters,
        'b' => layer.Buffers,
        'w' => layer.Weights,
        _ => layer.Sums,
    };
}
