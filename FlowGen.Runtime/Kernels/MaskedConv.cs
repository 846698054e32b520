using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>A triangular linear map of a vector: z = W x + b with W's diagonal sign e^s; log-det is the sum of s (MintNet, basic module).</summary>
/// <remarks>
/// Parameters: W without its diagonal, row by row; s; b. Buffers: the signs, or none (-1) where the diagonal is e^s, within a <see cref="Sum"/>. Prepared: b, the diagonal and its inverse, each padded to 16, the log-det
/// in two floats, then W in packed groups (<see cref="TriangularProduct"/>).
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MaskedConv
{
    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    /// <param name="size">The number of coordinates.</param>
    public static int PreparedSize(int size) => (3 * Dense.Pad(size)) + 16 + Dense.Pad(size * (size + 1) / 2);

    /// <summary>Packs W.</summary>
    public static void Prepare(ref Preparation p, int parameters, int buffers, int size, Triangle triangle, int weights)
    {
        var product = new TriangularProduct(size, 1, 1, triangle);
        int rest = product.Size - size;
        var entries = p.Parameters.Slice(parameters, rest);
        var logDiagonal = p.Parameters.Slice(parameters + rest, size);
        var prepared = p.Prepared.Slice(weights, PreparedSize(size));
        int padded = Dense.Pad(size);
        prepared.Clear();
        p.Parameters.Slice(parameters + rest + size, size).CopyTo(prepared);
        float[] matrix = new float[product.Size];
        double logDet = 0;
        int next = 0;
        for (int row = 0; row < size; row++)
        {
            int centre = product.Centre(row, 0, 0);
            for (int i = product.Start(row); i < product.Start(row) + product.Depth(row); i++)
            {
                matrix[i] = i == centre ? (float)(Sign(p.Buffers, buffers, row) * Math.Exp(logDiagonal[row])) : entries[next++];
            }

            prepared[padded + row] = matrix[centre];
            prepared[(2 * padded) + row] = (float)(Sign(p.Buffers, buffers, row) * Math.Exp(-logDiagonal[row]));
            logDet += logDiagonal[row];
        }

        prepared[3 * padded] = (float)logDet;
        prepared[(3 * padded) + 1] = (float)(logDet - prepared[3 * padded]);
        var packed = prepared[((3 * padded) + 16)..];
        if (p.Form == WeightForm.Transposed)
        {
            product.PackTransposed(matrix, packed);
        }
        else
        {
            product.Pack(matrix, packed);
        }
    }

    /// <summary>x to z in place, by way of <paramref name="size"/> work rows, padded to 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, Triangle triangle, int weights)
    {
        var kernel = new Product(size, triangle, weights);
        KernelWidth.OverLanes(ref t, ref kernel);
        if (Unsafe.IsNullRef(ref t.LogDetRows))
        {
            AddLogDet(ref t, size, weights, 1);
        }
        else
        {
            LogDetRows.AddLogarithms(ref t, size, ref Unsafe.Add(ref t.Weights, weights + Dense.Pad(size)));
        }
    }

    /// <summary>z to x in place: one coordinate after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, Triangle triangle, int weights)
    {
        var kernel = new Substitution(size, triangle, weights);
        KernelWidth.OverLanes(ref t, ref kernel);
        AddLogDet(ref t, size, weights, -1);
    }

    /// <summary>dL/dz to dL/dx in place, by way of the work area's gradient; adds dL/dz x^T of the kept entries at <paramref name="sums"/>, then the sum of dL/dlog-det.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, Triangle triangle, int weights, int parameters, int sums)
    {
        var kernel = new Gradients(size, triangle, weights, parameters, sums);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    /// <summary>Turns the sums over the batch into the gradients of W and s.</summary>
    public static void Finish(ref GradientSums g, int parameters, int buffers, int size, Triangle triangle, int sums)
    {
        var product = new TriangularProduct(size, 1, 1, triangle);
        int rest = product.Size - size;
        int next = parameters;
        for (int row = 0; row < size; row++)
        {
            int centre = product.Centre(row, 0, 0);
            for (int i = product.Start(row); i < product.Start(row) + product.Depth(row); i++)
            {
                if (i != centre)
                {
                    g.Gradient[next++] += g.Gradient[sums + i];
                }
            }

            double diagonal = Sign(g.Buffers, buffers, row) * Math.Exp(g.Parameters[parameters + rest + row]);
            g.Gradient[parameters + rest + row] += (float)((diagonal * g.Gradient[sums + centre]) + g.Gradient[sums + product.Size]);
        }
    }

    private static float Sign(ReadOnlySpan<float> signs, int first, int row) => first < 0 ? 1 : signs[first + row];

    private static void AddLogDet(ref Tile t, int size, int weights, float sign)
    {
        ref float logDet = ref Unsafe.Add(ref t.Weights, weights + (3 * Dense.Pad(size)));
        LogDetSum.AddConstant(ref t, sign * logDet, sign * Unsafe.Add(ref logDet, 1));
    }

    private readonly struct Product(int size, Triangle triangle, int weights) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
            new TriangularProduct(size, 1, 1, triangle).Multiply<V, BiasFinish>(
                ref Unsafe.Add(ref prepared, (3 * Dense.Pad(size)) + 16), ref prepared, ref t.State, ref t.Work, t.Lanes);
            RowCopy.Copy(ref t.Work, ref t.State, size * (nint)t.Lanes);
        }
    }

    private readonly struct Substitution(int size, Triangle triangle, int weights) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
            ref float packed = ref Unsafe.Add(ref prepared, (3 * Dense.Pad(size)) + 16);
            ref float inverse = ref Unsafe.Add(ref prepared, 2 * Dense.Pad(size));
            var product = new TriangularProduct(size, 1, 1, triangle);
            for (int n = 0; n < size; n++)
            {
                int row = triangle == Triangle.Lower ? n : size - 1 - n;

                // Packed groups of one row are the row itself, the diagonal at one end.
                int start = product.Start(row) + (triangle == Triangle.Lower ? 0 : 1);
                int from = triangle == Triangle.Lower ? 0 : row + 1;
                ref float entries = ref Unsafe.Add(ref packed, start);
                V bias = V.Create(Unsafe.Add(ref prepared, row));
                V scale = V.Create(Unsafe.Add(ref inverse, row));
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V sum = bias;
                    ref float x = ref Unsafe.Add(ref t.State, (from * lanes) + lane);
                    for (int k = 0; k < n; k++)
                    {
                        V.Accumulate(ref sum, V.Create(Unsafe.Add(ref entries, k)), V.Load(ref x));
                        x = ref Unsafe.Add(ref x, lanes);
                    }

                    ref float z = ref Unsafe.Add(ref t.State, (row * lanes) + lane);
                    V.Store((V.Load(ref z) - sum) * scale, ref z);
                }
            }
        }
    }

    private readonly struct Gradients(int size, Triangle triangle, int weights, int parameters, int sums) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            var product = new TriangularProduct(size, 1, 1, triangle);
            ref float upstream = ref t.GradWork;
            RowCopy.Copy(ref t.GradState, ref upstream, size * lanes);
            product.AddGradient<V>(ref upstream, ref t.State, lanes, ref t.Turned, ref Unsafe.Add(ref t.Gradient, sums));
            LaneSums.AddRows<V>(ref upstream, lanes, lanes, size, ref Unsafe.Add(ref t.Gradient, parameters + product.Size));
            if (Unsafe.IsNullRef(ref t.GradLogDetRows))
            {
                V logDet = V.Zero;
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    logDet += V.Load(ref t.GradLogDet, lane);
                }

                Unsafe.Add(ref t.Gradient, sums + product.Size) += V.Sum(logDet);
            }
            else
            {
                LaneSums.AddRows<V>(ref t.GradLogDetRows, lanes, lanes, size, ref Unsafe.Add(ref t.Gradient, parameters + product.Size - size));
            }

            product.Transposed.Multiply<V, StoreFinish>(
                ref Unsafe.Add(ref t.TransposedWeights, weights + (3 * Dense.Pad(size)) + 16), ref upstream, ref upstream, ref t.GradState, lanes);
        }
    }
}
