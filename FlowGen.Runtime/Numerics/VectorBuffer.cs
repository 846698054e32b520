using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

/// <summary>Room for one vector of the largest width, for the part of a run that is shorter than a vector.</summary>
[InlineArray(Length)]
internal struct VectorBuffer
{
    /// <summary>The floats in it.</summary>
    public const int Length = 16;

    private float first;

    /// <summary>The first float.</summary>
    [UnscopedRef]
    public ref float First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref first;
    }

    /// <summary>Fills the first <paramref name="count"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyFrom(ref readonly float source, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            Unsafe.Add(ref first, i) = Unsafe.Add(ref Unsafe.AsRef(in source), i);
        }
    }

    /// <summary>Writes out the first <paramref name="count"/> floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo(ref float destination, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            Unsafe.Add(ref destination, i) = Unsafe.Add(ref first, i);
        }
    }
}
