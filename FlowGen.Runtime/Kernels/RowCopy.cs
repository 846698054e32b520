using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowGen.Kernels;

/// <summary>Moves whole rows.</summary>
internal static class RowCopy
{
    /// <summary>Copies floats between blocks that do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ref float source, ref float destination, nint count) =>
        MemoryMarshal.CreateReadOnlySpan(ref source, (int)count).CopyTo(MemoryMarshal.CreateSpan(ref destination, (int)count));
}
