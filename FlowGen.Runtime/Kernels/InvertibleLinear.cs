using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// A learned linear map z = W x (Glow, section 3.2) of the rows, with W = P L U and log-det the sum of log_diagonal, or with W itself. On an image the rows
/// are the channels: an invertible 1 x 1 convolution.
/// </summary>
/// <remarks>
/// Parameters of P L U: the strictly lower triangle of L row by row, the strictly upper one of U, log_diagonal; buffers: the permutation,
/// the signs. Prepared: W and its inverse, each as a <see cref="Dense"/> layer without bias, then the log-det in two floats.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class InvertibleLinear
{
    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    /// <param name="size">The number of coordinates.</param>
    public static int PreparedSize(int size) => (2 * Dense.PreparedSize(size, size)) + 16;

    /// <summary>Multiplies the factors and inverts the product, in double precision.</summary>
    public static void Prepare(ref Preparation p, int parameters, int buffers, int size, int weights)
    {
        using var matrix = new PluMatrix(size, p.Parameters[parameters..], p.Buffers[buffers..]);
        double[] values = ArrayPool<double>.Shared.Rent(size * size);
        matrix.Multiply(values);
        Prepare(ref p, values, size, weights);

        // The transposed form serves gradients, which only multiply by W.
        if (p.Form != WeightForm.Transposed)
        {
            matrix.Invert(values);
            Prepare(ref p, values, size, weights + Dense.PreparedSize(size, size));
        }

        ArrayPool<double>.Shared.Return(values);
        PrepareLogDet(ref p, matrix.LogDet, size, weights);
    }

    /// <summary>Inverts the matrix itself, in double precision (<see cref="LinearParameterization.Dense"/>).</summary>
    /// <exception cref="SingularMatrixException">It has no inverse.</exception>
    public static void PrepareDense(ref Preparation p, int parameters, int size, int weights)
    {
        using var matrix = new DenseMatrix(size, p.Parameters.Slice(parameters, size * size));
        Prepare(ref p, matrix.Values, size, weights);
        Prepare(ref p, matrix.Inverse, size, weights + Dense.PreparedSize(size, size));
        PrepareLogDet(ref p, matrix.LogDet, size, weights);
    }

    /// <summary>x to z in place, by way of <paramref name="size"/> work rows, padded to 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, int weights)
    {
        Multiply(ref t, size, weights);
        ref float logDet = ref LogDet(ref t, size, weights);
        LogDetSum.AddConstant(ref t, logDet, Unsafe.Add(ref logDet, 1));
    }

    /// <summary>z to x in place, by way of <paramref name="size"/> work rows, padded to 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, int weights)
    {
        Multiply(ref t, size, weights + Dense.PreparedSize(size, size));
        ref float logDet = ref LogDet(ref t, size, weights);
        LogDetSum.AddConstant(ref t, -logDet, -Unsafe.Add(ref logDet, 1));
    }

    /// <summary>
    /// dL/dz to dL/dx in place, by way of <paramref name="size"/> rows of the work area's gradient; adds dL/dz x^T
    /// <c>[size, size]</c> at <paramref name="sums"/>, then the sum of dL/dlog-det.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, int weights, int sums)
    {
        var kernel = new Gradients(size, weights, sums);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    /// <summary>Turns the sums over the batch into the gradients of the factors.</summary>
    public static void Finish(ref GradientSums s, int parameters, int buffers, int size, int sums)
    {
        using var matrix = new PluMatrix(size, s.Parameters[parameters..], s.Buffers[buffers..]);
        matrix.AddGradients(s.Gradient.Slice(sums, size * size), s.Gradient[sums + (size * size)], s.Gradient.Slice(parameters, size * size));
    }

    /// <summary>Turns the sums over the batch into the gradient of the matrix itself (<see cref="LinearParameterization.Dense"/>).</summary>
    public static void FinishDense(ref GradientSums s, int parameters, int size, int sums)
    {
        using var matrix = new DenseMatrix(size, s.Parameters.Slice(parameters, size * size));
        matrix.AddGradient(s.Gradient.Slice(sums, size * size), s.Gradient[sums + (size * size)], s.Gradient.Slice(parameters, size * size));
    }

    private static void PrepareLogDet(ref Preparation p, double logDet, int size, int weights)
    {
        var constant = p.Prepared.Slice(weights + (2 * Dense.PreparedSize(size, size)), 2);
        constant[0] = (float)logDet;
        constant[1] = (float)(logDet - constant[0]);
    }

    private static ref float LogDet(ref Tile t, int size, int weights) =>
        ref Unsafe.Add(ref t.Weights, weights + (2 * Dense.PreparedSize(size, size)));

    private static void Multiply(ref Tile t, int size, int weights)
    {
        Dense.ForwardMatrix(ref t, Rows.State(0, 1, size), weights, size, to: 0);
        RowCopy.Copy(ref t.Work, ref t.State, size * (nint)t.Lanes);
    }

    private static void Prepare(ref Preparation p, ReadOnlySpan<double> matrix, int size, int weights)
    {
        float[] rounded = ArrayPool<float>.Shared.Rent(size * size);
        for (int i = 0; i < size * size; i++)
        {
            rounded[i] = (float)matrix[i];
        }

        Dense.PackMatrix(p.Form, rounded.AsSpan(0, size * size), size, size, p.Prepared.Slice(weights, Dense.PreparedSize(size, size)));
        ArrayPool<float>.Shared.Return(rounded);
    }

    private readonly struct Gradients(int size, int weights, int sums) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            ref float upstream = ref t.GradWork;
            RowCopy.Copy(ref t.GradState, ref upstream, size * lanes);
            DenseGradient.Weights<V>(
                ref upstream, lanes, size, ref t.State, lanes, size, ref t.Turned, ref Unsafe.Add(ref t.Gradient, sums));
            V logDet = V.Zero;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                logDet += V.Load(ref t.GradLogDet, lane);
            }

            Unsafe.Add(ref t.Gradient, sums + (size * size)) += V.Sum(logDet);

            DenseTransposed.Multiply<V>(ref Unsafe.Add(ref t.TransposedWeights, weights), size, size, ref upstream, t.Lanes, ref t.GradState);
        }
    }
}
