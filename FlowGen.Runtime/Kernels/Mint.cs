using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>
/// A Mint layer of a vector (Song, Meng and Ermon, 2019): z = t x + W3 h(W2 h(W1 x + b1) + b2) + b3 with triangular matrices; log-det is the sum of the
/// logarithms of the diagonal d = t + sum over i of w3 h'(v) sum over j of w2 h'(u) w1, which is at least t.
/// </summary>
/// <remarks>Inverted coordinate by coordinate in the order of the triangle: each is the root of an increasing function, bracketed by its least slope t.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Mint
{
    /// <summary>The least slope of a coordinate.</summary>
    internal const float Floor = 1e-12f;

    /// <summary>The floats that one layer takes in the prepared weights.</summary>
    /// <param name="size">The number of coordinates.</param>
    /// <param name="paths">Hidden units for each coordinate.</param>
    public static int PreparedSize(int size, int paths) => new MintShape(size, paths, Triangle.Lower).PreparedSize;

    /// <summary>The rows of scratch that one layer needs.</summary>
    /// <param name="size">The number of coordinates.</param>
    /// <param name="paths">Hidden units for each coordinate.</param>
    public static int WorkRows(int size, int paths) => new MintShape(size, paths, Triangle.Lower).Rows;

    /// <summary>The parameters of one layer.</summary>
    /// <param name="size">The number of coordinates.</param>
    /// <param name="paths">Hidden units for each coordinate.</param>
    public static int ParameterCount(int size, int paths) => new MintShape(size, paths, Triangle.Lower).Slope + size;

    /// <summary>Packs the matrices, with the signs that keep the diagonal at t or above.</summary>
    public static void Prepare(ref Preparation p, int parameters, int size, int paths, Triangle triangle, int weights)
    {
        var shape = new MintShape(size, paths, triangle);
        var from = p.Parameters.Slice(parameters, shape.Slope + size);
        var to = p.Prepared.Slice(weights, shape.PreparedSize);
        to.Clear();
        for (int i = 0; i < size; i++)
        {
            to[i] = Math.Max(Math.Abs(from[shape.Slope + i]), Floor);
        }

        from.Slice(shape.Bias1, shape.Units).CopyTo(to[shape.PreparedBias1..]);
        from.Slice(shape.Bias2, shape.Units).CopyTo(to[shape.PreparedBias2..]);
        from.Slice(shape.Bias3, size).CopyTo(to[shape.PreparedBias3..]);
        float[] scratch = ArrayPool<float>.Shared.Rent(shape.Second.Size + (shape.Units * paths));
        var second = scratch.AsSpan(0, shape.Second.Size);
        var inner = scratch.AsSpan(shape.Second.Size, shape.Units * paths);
        from.Slice(shape.Weight2, shape.Second.Size).CopyTo(second);
        for (int group = 0; group < size; group++)
        {
            for (int i = 0; i < paths; i++)
            {
                float w1 = from[shape.First.Centre(group, i, 0)];
                float w3 = from[shape.Weight3 + shape.Third.Centre(group, 0, i)];
                to[shape.Centre1 + (group * paths) + i] = w1;
                to[shape.Centre3 + (group * paths) + i] = w3;
                for (int j = 0; j < paths; j++)
                {
                    float before = from[shape.First.Centre(group, j, 0)];
                    ref float w2 = ref second[shape.Second.Centre(group, i, j)];
                    w2 = Math.Sign(w3) * Math.Sign(before) * Math.Abs(w2);
                    to[shape.Centre2 + (((group * paths) + i) * paths) + j] = w2;
                    inner[(((group * paths) + (p.Form == WeightForm.Transposed ? j : i)) * paths) + (p.Form == WeightForm.Transposed ? i : j)] = w2 * before;
                }
            }

            DensePack.Blocks(inner[(group * paths * paths)..], paths, paths, to[(shape.Inner + (group * paths * paths))..]);
        }

        if (p.Form == WeightForm.Transposed)
        {
            shape.First.PackTransposed(from, to[shape.Matrix1..]);
            shape.Second.PackTransposed(second, to[shape.Matrix2..]);
            shape.Third.PackTransposed(from[shape.Weight3..], to[shape.Matrix3..]);
        }
        else
        {
            shape.First.Pack(from, to[shape.Matrix1..]);
            shape.Second.Pack(second, to[shape.Matrix2..]);
            shape.Third.Pack(from[shape.Weight3..], to[shape.Matrix3..]);
        }

        ArrayPool<float>.Shared.Return(scratch);
    }

    /// <summary>x to z in place, by way of <see cref="WorkRows"/> work rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int size, int paths, Triangle triangle, Activation activation, int weights)
    {
        var shape = new MintShape(size, paths, triangle);
        switch (activation)
        {
            case Activation.Elu: Run(ref t, new MintForward<EluOp>(shape, weights)); break;
            case Activation.Tanh: Run(ref t, new MintForward<TanhOp>(shape, weights)); break;
            case Activation.Sigmoid: Run(ref t, new MintForward<SigmoidOp>(shape, weights)); break;
            case Activation.Softplus: Run(ref t, new MintForward<SoftplusOp>(shape, weights)); break;
            default: throw NotSmooth(activation);
        }
    }

    /// <summary>z to x in place, by way of <see cref="WorkRows"/> work rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int size, int paths, Triangle triangle, Activation activation, int weights)
    {
        var shape = new MintShape(size, paths, triangle);
        switch (activation)
        {
            case Activation.Elu: Run(ref t, new MintInverse<EluOp>(shape, weights)); break;
            case Activation.Tanh: Run(ref t, new MintInverse<TanhOp>(shape, weights)); break;
            case Activation.Sigmoid: Run(ref t, new MintInverse<SigmoidOp>(shape, weights)); break;
            case Activation.Softplus: Run(ref t, new MintInverse<SoftplusOp>(shape, weights)); break;
            default: throw NotSmooth(activation);
        }
    }

    /// <summary>
    /// dL/dz to dL/dx in place; adds the gradients of the parameters, those by W2's centre taps through the diagonal as sums for <see cref="Finish"/>:
    /// for each coordinate the products of dL/de and h'(u), <c>[paths, paths]</c>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int size, int paths, Triangle triangle, Activation activation, int weights, int parameters, int sums)
    {
        var shape = new MintShape(size, paths, triangle);
        switch (activation)
        {
            case Activation.Elu: Run(ref t, new MintGradient<EluOp>(shape, weights, parameters, sums)); break;
            case Activation.Tanh: Run(ref t, new MintGradient<TanhOp>(shape, weights, parameters, sums)); break;
            case Activation.Sigmoid: Run(ref t, new MintGradient<SigmoidOp>(shape, weights, parameters, sums)); break;
            case Activation.Softplus: Run(ref t, new MintGradient<SoftplusOp>(shape, weights, parameters, sums)); break;
            default: throw NotSmooth(activation);
        }
    }

    /// <summary>The gradients by the centre taps and by t, whose signs are not theirs.</summary>
    public static void Finish(ref GradientSums g, int parameters, int size, int paths, Triangle triangle, int sums)
    {
        var shape = new MintShape(size, paths, triangle);
        var from = g.Parameters[parameters..];
        var to = g.Gradient[parameters..];
        for (int group = 0; group < size; group++)
        {
            for (int i = 0; i < paths; i++)
            {
                float w3 = from[shape.Weight3 + shape.Third.Centre(group, 0, i)];
                for (int j = 0; j < paths; j++)
                {
                    int first = shape.First.Centre(group, j, 0);
                    int second = shape.Weight2 + shape.Second.Centre(group, i, j);
                    float sum = g.Gradient[sums + (((group * paths) + i) * paths) + j];
                    float sign = Math.Sign(w3) * Math.Sign(from[first]);
                    to[first] += sign * Math.Abs(from[second]) * sum;
                    to[second] = sign * Math.Sign(from[second]) * (to[second] + (from[first] * sum));
                }
            }

            float slope = from[shape.Slope + group];
            to[shape.Slope + group] *= Math.Abs(slope) > Floor ? Math.Sign(slope) : 0;
        }
    }

    private static void Run<TKernel>(ref Tile t, TKernel kernel)
        where TKernel : struct, IWideKernel => KernelWidth.OverLanes(ref t, ref kernel);

    internal static ArgumentOutOfRangeException NotSmooth(Activation activation) =>
        new(nameof(activation), activation, "Not a continuously differentiable function that nowhere falls.");
}
