using System.Security.Cryptography;
using System.Text;

namespace FlowGen.Tests.Flows;

/// <summary>What this process has compiled, in files for the processes that it starts: they run the same flows, and would each compile them again.</summary>
internal static class CompiledImages
{
    /// <summary>The variable that says in which directory the images of the process lie that started this one.</summary>
    public const string Variable = "FLOWGEN_TESTS_IMAGES";

    private static readonly Lazy<string> Own = new(static () =>
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("flowgen-images-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.Directory.Delete(directory, recursive: true);
        return directory;
    });

    /// <summary>Where they are: of the process that started this one, if one of these tests did.</summary>
    public static string Directory => Environment.GetEnvironmentVariable(Variable) ?? Own.Value;

    /// <summary>The image of a source, compiled if it is not there yet.</summary>
    public static byte[] Get(string source, string assemblyName, Func<byte[]> compile)
    {
        string file = Path.Combine(Directory, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{assemblyName}\n{source}"))) + ".dll");
        if (File.Exists(file))
        {
            return File.ReadAllBytes(file);
        }

        byte[] image = compile();

        // Under a name of its own until it is whole: several processes may be at it.
        string unfinished = $"{file}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        File.WriteAllBytes(unfinished, image);
        File.Move(unfinished, file, overwrite: true);
        return image;
    }
}
