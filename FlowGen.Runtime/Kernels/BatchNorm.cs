using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>
/// Batch normalization (Real NVP, section 3.7): z = (x - mean) / sqrt(variance + epsilon); log-det is minus half the sum of
/// log(variance + epsilon). Buffers: the running mean, then the running variance.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BatchNorm
{
    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    /// <param name="size">The number of coordinates.</param>
    public static int PreparedSize(int size) => Diagonal.PreparedSize(size);

    /// <summary>Computes the roots and the log-det of the running statistics.</summary>
    public static void Prepare(ref Preparation p, int buffers, int size, double epsilon, int weights)
    {
        double[] scratch = ArrayPool<double>.Shared.Rent(2 * size);
        var mean = scratch.AsSpan(0, size);
        var variance = scratch.AsSpan(size, size);
        for (int i = 0; i < size; i++)
        {
            mean[i] = p.Buffers[buffers + i];
            variance[i] = p.Buffers[buffers + size + i];
        }

        Prepare(mean, variance, epsilon, p.Prepared.Slice(weights, PreparedSize(size)));
        ArrayPool<double>.Shared.Return(scratch);
    }

    /// <summary>x to z in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Tile t, int size, int weights) => Diagonal.Forward(ref t, size, weights);

    /// <summary>z to x in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inverse(ref Tile t, int size, int weights) => Diagonal.Inverse(ref t, size, weights);

    /// <summary>dL/dz to dL/dx in place, the statistics held fixed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Tile t, int size, int weights) => Diagonal.Backward(ref t, size, weights);

    /// <summary>Writes the prepared weights that normalise by these statistics.</summary>
    internal static void Prepare(ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, double epsilon, Span<float> prepared)
    {
        double logDet = 0;
        for (int i = 0; i < mean.Length; i++)
        {
            double square = variance[i] + epsilon;
            double deviation = Math.Sqrt(square);
            Diagonal.Write(prepared, mean.Length, i, -mean[i], 1 / deviation, deviation);
            logDet -= 0.5 * Math.Log(square);
        }

        Diagonal.Complete(prepared, mean.Length, logDet);
    }
}
