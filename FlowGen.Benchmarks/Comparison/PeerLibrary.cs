#if PEER
using FlowGen.Benchmarks.Peer;
#endif

namespace FlowGen.Benchmarks.Comparison;

/// <summary>
/// TorchSharp, if this program was built with <c>-p:Peer=true</c> and its native library loads. Its packages take half a gigabyte, so that nobody who
/// builds or tests the solution has to fetch them.
/// </summary>
internal static class PeerLibrary
{
    /// <summary>Whether flows can be made, and what is to be said about the library either way.</summary>
    public static bool TryLoad(out string about)
    {
#if PEER
        return TorchLibrary.TryLoad(out about);
#else
        about = "TorchSharp is not part of this build; add -p:Peer=true (half a gigabyte of packages)";
        return false;
#endif
    }

    /// <summary>How many threads the library may use.</summary>
    public static void SetThreads(int threads)
    {
#if PEER
        TorchLibrary.SetThreads(threads);
#endif
    }

    /// <summary>The same flow with the same weights.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="asPublished">Whether to compute as the code that was published with the paper does, where that differs from what one would write with care.</param>
    public static IPeerFlow Create(IFlow flow, bool asPublished)
    {
#if PEER
        return TorchLibrary.Create(flow, asPublished);
#else
        throw new InvalidOperationException($"There is no peer for {flow.Engine.Description.Name} in this build.");
#endif
    }
}
