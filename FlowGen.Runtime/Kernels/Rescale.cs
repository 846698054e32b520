using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Diagonal rescaling (NICE, section 3.3): z = x e^s; log-det is the sum of s. Parameters: s.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Rescale
{
    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    /// <param name="size">The number of coordinates.</param>
    public static int PreparedSize(int size) => Diagonal.PreparedSize(size);

    /// <summary>Computes the exponentials and the log-det.</summary>
    public static void Prepare(ref Preparation p, int parameters, int size, int weights)
    {
        var logScale = p.Parameters.Slice(parameters, size);
        var prepared = p.Prepared.Slice(weights, PreparedSize(size));
        double logDet = 0;
        for (int i = 0; i < size; i++)
        {
            double s = logScale[i];
            Diagonal.Write(prepared, size, i, 0, Math.Exp(s), Math.Exp(-s));
            logDet += s;
        }

        Diagonal.Complete(prepared, size, logDet);
    }

    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Tile t, int size, int weights) => Diagonal.Forward(ref t, size, weights);

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inverse(ref Tile t, int size, int weights) => Diagonal.Inverse(ref t, size, weights);

    /// <summary>dL/dz to dL/dx in place; adds dL/ds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Tile t, int size, int weights, int parameters) =>
        Diagonal.Backward(ref t, size, weights, offset: -1, parameters);
}
