using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Memory that a thread keeps from call to call: touching fresh memory costs more than the work done in it.</summary>
internal sealed unsafe class Scratch
{
    [ThreadStatic]
    private static Scratch? current;

    private float[] memory = [];
    private float* start;
    private int used;

    /// <summary>This thread's scratch, empty, with room for <paramref name="floats"/>. Its content is arbitrary.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scratch Rent(int floats)
    {
        var scratch = current ??= new Scratch();
        if (scratch.memory.Length < floats + 32)
        {
            scratch.Grow(floats);
        }

        scratch.used = 0;
        return scratch;
    }

    /// <summary>What this thread keeps, in bytes.</summary>
    public static long HeldBytes => (current?.memory.Length ?? 0) * (long)sizeof(float);

    /// <summary>The next <paramref name="floats"/> of it; blocks start at cache lines when all sizes are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Take(int floats)
    {
        float* block = start + used;
        used += floats;
        return block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int floats)
    {
        // Pinned, so that addresses stay valid while kernels hold references derived from them.
        memory = GC.AllocateArray<float>(floats + 32, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref memory[0]);
        start = (float*)((address + 63) & ~(nuint)63);
    }
}
