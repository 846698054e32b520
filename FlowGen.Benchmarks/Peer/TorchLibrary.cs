using System.Runtime.InteropServices;
using FlowGen.Benchmarks.Comparison;
using FlowGen.Layers;
using TorchSharp;

namespace FlowGen.Benchmarks.Peer;

/// <summary>TorchSharp as a whole: whether it loads, and its flows.</summary>
internal static class TorchLibrary
{
    public static bool TryLoad(out string about)
    {
        try
        {
            // By hand first: the loader's own message says what is missing, TorchSharp's does not.
            string file = OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";
            _ = NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, file));
            _ = torch.ones(1).item<float>();
            string version = typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "";
            string capability = Environment.GetEnvironmentVariable("ATEN_CPU_CAPABILITY") is { Length: > 0 } set ? $", ATEN_CPU_CAPABILITY={set}" : "";
            string preload = Environment.GetEnvironmentVariable("LD_PRELOAD") is { Length: > 0 } files
                ? $", preloaded: {string.Join(" ", files.Split(' ').Select(Path.GetFileName))}" : "";
            about = $"TorchSharp {version}{capability}{preload}";
            return true;
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException or NotSupportedException or EntryPointNotFoundException)
        {
            about = $"TorchSharp's native library does not load here: {Reason(exception.GetBaseException().Message)}";
            return false;
        }
    }

    // The runtime says first that loading failed, then what each attempt ran into.
    private static string Reason(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(static line => line.Contains("not found", StringComparison.Ordinal)) ?? lines[^1];
    }

    public static void SetThreads(int threads) => torch.set_num_threads(threads);

    public static IPeerFlow Create(IFlow flow, bool asPublished)
    {
        FlowDescription description = flow.Engine.Description;
        return description.Layers.Any(static layer => layer is MintLayer) ? new TorchMint(flow, asPublished)
            : description.EventShape.IsImage ? new TorchGlow(flow) : new TorchFlow(flow);
    }
}
