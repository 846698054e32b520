using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>The folder of vectors that peers computed; it lies beside the repository, not in it.</summary>
internal static class VectorFolder
{
    /// <summary>The folder; the test that asks is skipped where there is none.</summary>
    public static string Require()
    {
        string path = Find();
        Assert.SkipUnless(Directory.Exists(path), $"The reference vectors are missing: {path} does not exist.");
        return path;
    }

    /// <summary>The names of all cases; none where there is no folder.</summary>
    public static IReadOnlyList<string> Cases() => Directory.Exists(Find())
        ? [.. Directory.EnumerateFiles(Find(), "*.json").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)]
        : [];

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "FlowGen.sln")))
            {
                return Path.GetFullPath(Path.Combine(directory.FullName, "..", "shared", "vectors"));
            }
        }

        return Path.Combine(AppContext.BaseDirectory, "no FlowGen.sln above this folder");
    }
}
