using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Fixed standardisation: z = (x - mean) / deviation; log-det is minus the sum of log(deviation). Buffers: the means, then the deviations.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Standardize
{
    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    /// <param name="size">The number of coordinates.</param>
    public static int PreparedSize(int size) => Diagonal.PreparedSize(size);

    /// <summary>Computes the reciprocals and the log-det.</summary>
    public static void Prepare(ref Preparation p, int buffers, int size, int weights)
    {
        var mean = p.Buffers.Slice(buffers, size);
        var deviation = p.Buffers.Slice(buffers + size, size);
        var prepared = p.Prepared.Slice(weights, PreparedSize(size));
        double logDet = 0;
        for (int i = 0; i < size; i++)
        {
            Diagonal.Write(prepared, size, i, -mean[i], 1.0 / deviation[i], deviation[i]);
            logDet -= Math.Log(deviation[i]);
        }

        Diagonal.Complete(prepared, size, logDet);
    }

    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Tile t, int size, int weights) => Diagonal.Forward(ref t, size, weights);

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inverse(ref Tile t, int size, int weights) => Diagonal.Inverse(ref t, size, weights);

    /// <summary>dL/dz to dL/dx in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Tile t, int size, int weights) => Diagonal.Backward(ref t, size, weights);
}
