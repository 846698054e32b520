using System.Runtime.CompilerServices;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>
/// Compares generated files with those in <c>Snapshots</c>, in the file convention of Verify. With FLOWGEN_UPDATE_SNAPSHOTS=1 in the
/// environment the files are written instead.
/// </summary>
internal static class Snapshot
{
    private static readonly string Folder = Path.Combine(FindRoot(), "FlowGen.Tests", "Generator", "Snapshots");

    /// <summary>The folder with the solution.</summary>
    public static string FindRoot() => Packaging.DotnetCommand.Root;

    /// <summary>Compares one generated file.</summary>
    public static void Verify(string hint, string text, string className, [CallerMemberName] string method = "")
    {
        string stem = Path.Combine(Folder, $"{className}.{method}#{hint.Replace(".g.cs", "", StringComparison.Ordinal)}");
        string verified = stem + ".verified.cs";
        string received = stem + ".received.cs";
        text = text.Replace($"\"{FlowGen.Generator.Emission.FlowEmitter.Version}\"", "\"<VERSION>\"", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("FLOWGEN_UPDATE_SNAPSHOTS") == "1")
        {
            _ = Directory.CreateDirectory(Folder);
            File.WriteAllText(verified, text);
            File.Delete(received);
            return;
        }

        string expected = File.Exists(verified) ? File.ReadAllText(verified).Replace("\r\n", "\n", StringComparison.Ordinal) : "";
        if (expected == text)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        string[] wanted = expected.Split('\n');
        string[] got = text.Split('\n');
        int line = 0;
        while (line < Math.Min(wanted.Length, got.Length) && wanted[line] == got[line])
        {
            line++;
        }

        Assert.Fail(
            $"{Path.GetFileName(verified)} differs from line {line + 1} on.\n" +
            $"verified: {wanted.ElementAtOrDefault(line)}\nreceived: {got.ElementAtOrDefault(line)}\n" +
            "Run the tests with FLOWGEN_UPDATE_SNAPSHOTS=1 to take what was received.");
    }
}
