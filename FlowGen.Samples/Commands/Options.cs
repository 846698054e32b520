using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowGen.Samples.Data;

namespace FlowGen.Samples.Commands;

/// <summary>The options that several commands share.</summary>
internal static class Options
{
    /// <summary>Where results go.</summary>
    public static Option<DirectoryInfo> Out() => new("--out") { Description = "The directory that results are written to.", HelpName = "DIR", DefaultValueFactory = static _ => new DirectoryInfo("out") };

    /// <summary>A seed.</summary>
    public static Option<int> Seed(string what, int value) => Count("--seed", $"The seed of {what}.", value, least: 0);

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public static Option<int> Count(string name, string description, int value, int least = 1) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => value,
        CustomParser = result => ParseCount(result, name, least),
    };

    /// <summary>A whole number of at least 1, or nothing.</summary>
    public static Option<int?> OptionalCount(string name, string description) => new(name) { Description = description, HelpName = "N", CustomParser = result => ParseCount(result, name, least: 1) };

    /// <summary>A number above zero, or of zero and above.</summary>
    public static Option<double> Number(string name, string description, double value, bool zero = false) => new(name)
    {
        Description = description,
        HelpName = "X",
        DefaultValueFactory = _ => value,
        CustomParser = result => ParseNumber(result, name, zero),
    };

    /// <summary>A number above zero, or nothing.</summary>
    public static Option<double?> OptionalNumber(string name, string description) => new(name) { Description = description, HelpName = "X", CustomParser = result => ParseNumber(result, name, zero: false) };

    /// <summary>One of the distributions on the plane.</summary>
    public static Argument<string?> Dataset()
    {
        string names = string.Join(", ", PlaneDistributions.All.Select(static d => d.Name));
        return new Argument<string?>("dataset") { Arity = ArgumentArity.ZeroOrOne, Description = $"One of {names}. Drawn by the program, with a known density." };
    }

    /// <summary>A CSV file.</summary>
    public static Option<FileInfo?> Csv(string description) => new("--csv") { Description = description, HelpName = "FILE" };

    /// <summary>Whether the CSV file starts with names.</summary>
    public static Option<bool> Header() => new("--header") { Description = "The first row of the CSV file names the columns. Without this, it does if none of its cells is a number." };

    /// <summary>Which columns of the CSV file are used.</summary>
    public static Option<string?> Columns() => new("--columns") { Description = "The columns of the CSV file to use, by name or number from 1, separated by commas.", HelpName = "LIST" };

    /// <summary>A trained model.</summary>
    public static Option<FileInfo?> Model() => new("--model")
    {
        Description = "The weights that train wrote; the declaration lies beside them with the extension .cs. By default the file in out/ that the data's name gives.",
        HelpName = "FILE.safetensors",
    };

    /// <summary>Creates the directory of the results.</summary>
    /// <exception cref="SampleException">It cannot be created.</exception>
    public static string CreateDirectory(DirectoryInfo directory)
    {
        try
        {
            directory.Create();
            return directory.ToString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"Cannot create the directory {directory}: {e.Message}", e);
        }
    }

    private static int ParseCount(ArgumentResult result, string name, int least)
    {
        string text = Text(result);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) || number < least)
        {
            result.AddError($"{name}: expected a whole number of at least {least}, found '{text}'.");
        }

        return number;
    }

    private static double ParseNumber(ArgumentResult result, string name, bool zero)
    {
        string text = Text(result);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number) || number < 0 || (number == 0 && !zero))
        {
            result.AddError($"{name}: expected a number {(zero ? "of 0 or more" : "above 0")}, found '{text}'.");
        }

        return number;
    }

    private static string Text(ArgumentResult result) => string.Join(' ', result.Tokens.Select(static token => token.Value));
}
