using System.Runtime.InteropServices;

namespace FlowGen.Benchmarks;

/// <summary>A pinned block that starts at a cache line.</summary>
internal sealed class PinnedBlock
{
    private readonly float[] array;
    private readonly int start;
    private readonly int length;

    public PinnedBlock(float[] content)
    {
        length = content.Length;
        array = GC.AllocateArray<float>(length + 16, pinned: true);
        start = (int)((64 - (Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) & 63)) & 63) / sizeof(float);
        content.CopyTo(Span);
    }

    public Span<float> Span => array.AsSpan(start, length);

    public ref float Start => ref array[start];

    public float At(int index) => array[start + index];
}
