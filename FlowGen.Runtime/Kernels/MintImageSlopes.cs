using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>Passes over hidden planes.</summary>
internal static class MintImageSlopes
{
    /// <summary>Rows of to, one behind the other, = h' of the values h in rows that are <paramref name="stride"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Derive<V, TOp>(ref float values, nint stride, int rows, ref float to, nint count)
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
    {
        for (; rows > 0; rows--)
        {
            for (nint i = 0; i < count; i += V.Count)
            {
                V.Store(TOp.Derivative(V.Load(ref values, i)), ref to, i);
            }

            values = ref Unsafe.Add(ref values, stride);
            to = ref Unsafe.Add(ref to, count);
        }
    }

    /// <summary>gradient = gradient h' + slope h'', from the values h.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Combine<V, TOp>(ref float values, ref float slope, ref float gradient, nint count)
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            V h = V.Load(ref values, i);
            V.Store(V.MultiplyAdd(V.Load(ref gradient, i), TOp.Derivative(h), V.Load(ref slope, i) * TOp.SecondDerivative(h)), ref gradient, i);
        }
    }
}
