using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>A fixed permutation: z[i] = x[order[i]]; log-det 0. Buffers: the order.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Permute
{
    /// <summary>The floats that one layer takes in the prepared weights: the order, as whole numbers.</summary>
    /// <param name="size">The number of coordinates.</param>
    public static int PreparedSize(int size) => (size + 15) & ~15;

    /// <summary>Copies the order.</summary>
    public static void Prepare(ref Preparation p, int buffers, int size, int weights) =>
        p.Buffers.Slice(buffers, size).CopyTo(p.Prepared[weights..]);

    /// <summary>x to z in place, by way of <paramref name="size"/> work rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, int weights) =>
        Gather(ref t.State, ref t.Work, ref Unsafe.Add(ref t.Weights, weights), size, t.Lanes);

    /// <summary>z to x in place, by way of <paramref name="size"/> work rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, int weights) =>
        Scatter(ref t.State, ref t.Work, ref Unsafe.Add(ref t.Weights, weights), size, t.Lanes);

    /// <summary>dL/dz to dL/dx in place, by way of <paramref name="size"/> rows of the work area's gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, int weights) =>
        Scatter(ref t.GradState, ref t.GradWork, ref Unsafe.Add(ref t.Weights, weights), size, t.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(ref float rows, ref float copy, ref float order, int size, nint lanes)
    {
        RowCopy.Copy(ref rows, ref copy, size * lanes);
        for (nint i = 0; i < size; i++)
        {
            nint source = (nint)Unsafe.Add(ref order, i);
            if (lanes == 1)
            {
                Unsafe.Add(ref rows, i) = Unsafe.Add(ref copy, source);
            }
            else
            {
                RowCopy.Copy(ref Unsafe.Add(ref copy, source * lanes), ref Unsafe.Add(ref rows, i * lanes), lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ref float rows, ref float copy, ref float order, int size, nint lanes)
    {
        RowCopy.Copy(ref rows, ref copy, size * lanes);
        for (nint i = 0; i < size; i++)
        {
            nint destination = (nint)Unsafe.Add(ref order, i);
            if (lanes == 1)
            {
                Unsafe.Add(ref rows, destination) = Unsafe.Add(ref copy, i);
            }
            else
            {
                RowCopy.Copy(ref Unsafe.Add(ref copy, i * lanes), ref Unsafe.Add(ref rows, destination * lanes), lanes);
            }
        }
    }
}
