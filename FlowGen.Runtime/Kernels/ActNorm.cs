using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>Activation normalization (Glow, section 3.1): z = (x + b) e^s; log-det is the sum of s. Parameters: b, then s.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ActNorm
{
    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    /// <param name="size">The number of coordinates.</param>
    public static int PreparedSize(int size) => Diagonal.PreparedSize(size);

    /// <summary>Computes the exponentials and the log-det.</summary>
    public static void Prepare(ref Preparation p, int parameters, int size, int weights)
    {
        var bias = p.Parameters.Slice(parameters, size);
        var logScale = p.Parameters.Slice(parameters + size, size);
        var prepared = p.Prepared.Slice(weights, PreparedSize(size));
        double logDet = 0;
        for (int i = 0; i < size; i++)
        {
            double s = logScale[i];
            Diagonal.Write(prepared, size, i, bias[i], Math.Exp(s), Math.Exp(-s));
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

    /// <summary>dL/dz to dL/dx in place; adds dL/db and dL/ds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Tile t, int size, int weights, int parameters) =>
        Diagonal.Backward(ref t, size, weights, parameters, parameters + size);
}
