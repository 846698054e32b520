using System.Text.RegularExpressions;

namespace FlowGen.Tests.Samples;

/// <summary>A block of <c>CONTRIBUTING.md</c> that belongs into a file.</summary>
/// <param name="Number">The step that it is a part of.</param>
/// <param name="Path">The file.</param>
/// <param name="Place">Where: before or after the only line that starts with a text, at the end of the class, or empty.</param>
/// <param name="Text">What.</param>
internal sealed partial record Step(int Number, string Path, string Place, string Text)
{
    /// <summary>The page.</summary>
    public const string Page = "CONTRIBUTING.md";

    /// <summary>Whether it is what the step changes in a file that a test writes.</summary>
    public bool IsDifference => Path.EndsWith(".verified.cs", StringComparison.Ordinal);

    /// <summary>The blocks of the page, in their order.</summary>
    public static List<Step> All()
    {
        string[] lines = File.ReadAllLines(System.IO.Path.Combine(Packaging.DotnetCommand.Root, Page));
        var steps = new List<Step>();
        foreach (var (line, kind, text) in DocumentationTests.Blocks(Page).Where(static block => block.Kind.EndsWith(" step", StringComparison.Ordinal)))
        {
            int number = int.Parse(lines[..line].Select(static text => Heading().Match(text)).Last(static match => match.Success).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            string[] parts = text.Split('\n', 2);
            var header = Header().Match(parts[0]);
            steps.Add(new Step(number, header.Groups["path"].Value, header.Groups["place"].Value, parts[1]));
        }

        return steps;
    }

    /// <summary>Puts the block into its file.</summary>
    /// <exception cref="InvalidOperationException">There is no such place, or no such file, or one already.</exception>
    public void Apply(Dictionary<string, string> files)
    {
        string[] place = Place.Split(' ', 2);
        if (!files.TryGetValue(Path, out string? old))
        {
            files[Path] = Place.Length == 0 ? Text + "\n" : throw new InvalidOperationException($"Step {Number}: there is no {Path}.");
            return;
        }

        var lines = old.Split('\n').ToList();
        int at = place[0] switch
        {
            "before" => Only(lines, place[1]),
            "after" => Only(lines, place[1]) + 1,
            "at" => lines.LastIndexOf("}"),
            _ when Path.EndsWith(".txt", StringComparison.Ordinal) => lines.FindLastIndex(static line => line.Length > 0) + 1,
            _ => throw new InvalidOperationException($"Step {Number}: {Path} is there already."),
        };
        lines.InsertRange(at, Text.Split('\n'));
        files[Path] = string.Join('\n', lines);
    }

    private int Only(List<string> lines, string start)
    {
        int[] found = [.. lines.Index().Where(line => line.Item.TrimStart().StartsWith(start, StringComparison.Ordinal)).Select(static line => line.Index)];
        return found.Length == 1 ? found[0] : throw new InvalidOperationException($"Step {Number}: {found.Length} lines of {Path} start with {start}.");
    }

    [GeneratedRegex(@"^\*\*(\d+)\. ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(//|#|<!--|\+\+\+) (?<path>[^,]+?)(, (?<place>.+?))?( -->)?$")]
    private static partial Regex Header();
}
