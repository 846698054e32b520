using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>
/// Three dense layers from one number to a few: y = W3 act(W2 act(w1 x + b1) + b2) + b3, where act is ReLU or LeakyReLU, without the product by W2.
/// </summary>
/// <remarks>
/// <para>
/// Unit i of the first layer bends at x = -b1[i] / w1[i] and nowhere else. Between neighbouring breakpoints the second layer is, before its activation, a linear
/// function of x, so that a table has all there is to know of the first two layers: for each of at most hidden + 1 pieces, its value at one point and its slope.
/// A sample costs a search among the breakpoints and one multiply-add for each unit of the second layer, in place of one for each weight.
/// </para>
/// <para>
/// The point is the one of the piece that is closest to zero: |x - point| is then at most |x|, and nothing larger is subtracted from anything than when the layers
/// are computed one by one. The table is made in double precision and rounded once.
/// </para>
/// <para>
/// An output is W3[o, k] h[k] summed in sixteen chains, k mod 16, which are added as a tree, c + (c + 8), c + (c + 4), c + (c + 2), c + (c + 1), and the bias comes last:
/// the same bits for every sample, wherever it is in whatever batch.
/// </para>
/// <para>
/// Gradients: of a piece, the sum of the gradients g at the second layer, and of g (x - point), are all that the first two layers need of its samples. Their
/// gradients come from sums over the pieces on which each unit is active, once for the whole batch.
/// </para>
/// <para>Parameters: w1 <c>[hidden]</c>, b1, W2 <c>[second, hidden]</c>, b2, W3 <c>[outputs, second]</c>, b3. Sizes and offsets are trusted: they come from generated code.</para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DenseLine
{
    /// <summary>The most outputs.</summary>
    internal const int MaxOutputs = 4;

    /// <summary>The floats that the layers take in the prepared weights.</summary>
    /// <param name="hidden">The width of the first layer.</param>
    /// <param name="second">The width of the second layer.</param>
    /// <param name="outputs">The number of outputs, at most 4; or 0, if the second layer is what is asked for.</param>
    public static int PreparedSize(int hidden, int second, int outputs) => new DenseLineShape(hidden, second, outputs).PreparedSize;

    /// <summary>The accumulators of a gradient beside those of the parameters.</summary>
    /// <param name="hidden">The width of the first layer.</param>
    /// <param name="second">The width of the second layer.</param>
    /// <param name="outputs">The number of outputs, at most 4; or 0, if the second layer is what is asked for.</param>
    public static int SumCount(int hidden, int second, int outputs) => new DenseLineShape(hidden, second, outputs).SumCount;

    /// <summary>Makes the table; gradients use that of the forward pass.</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="parameters">Where the layers start in the parameters.</param>
    /// <param name="hidden">The width of the first layer.</param>
    /// <param name="second">The width of the second layer.</param>
    /// <param name="outputs">The number of outputs, at most 4; or 0, if the second layer is what is asked for.</param>
    /// <param name="weights">Where the layers start in the prepared weights.</param>
    /// <param name="activation">ReLU or LeakyReLU.</param>
    public static void Prepare(ref Preparation p, int parameters, int hidden, int second, int outputs, int weights, Activation activation)
    {
        if (p.Form != WeightForm.Transposed)
        {
            var shape = new DenseLineShape(hidden, second, outputs);
            DenseLineTable.Make(shape, p.Parameters.Slice(parameters, shape.ParameterCount), Slope(activation), p.Prepared.Slice(weights, shape.PreparedSize));
        }
    }

    /// <summary>Work rows [<paramref name="to"/>, <paramref name="to"/> + <paramref name="outputs"/>) = y; without outputs, as many rows as the second layer is wide = act(W2 act(w1 x + b1) + b2).</summary>
    /// <param name="t">The tile.</param>
    /// <param name="input">x: one row, which must not be among those written.</param>
    /// <param name="weights">Where the layers start in the prepared weights.</param>
    /// <param name="hidden">The width of the first layer.</param>
    /// <param name="second">The width of the second layer.</param>
    /// <param name="outputs">The number of outputs, at most 4; or 0, if the second layer is what is asked for.</param>
    /// <param name="to">The first work row to write.</param>
    /// <param name="activation">ReLU or LeakyReLU.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, Rows input, int weights, int hidden, int second, int outputs, int to, Activation activation)
    {
        var shape = new DenseLineShape(hidden, second, outputs);
        if (Vector512.IsHardwareAccelerated)
        {
            DenseLineForward.Run<Vec512>(ref t, input, weights, shape, to, activation);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            DenseLineForward.Run<Vec256>(ref t, input, weights, shape, to, activation);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            DenseLineForward.Run<Vec128>(ref t, input, weights, shape, to, activation);
        }
        else
        {
            DenseLineForward.Run<VecScalar>(ref t, input, weights, shape, to, activation);
        }
    }

    /// <summary>
    /// From the gradient of y to that of x, which is added, and to the sums from which <see cref="Finish"/> makes the gradients of the parameters. Reads nothing that
    /// the forward pass wrote. Without outputs, from the gradient of the second layer before its activation.
    /// </summary>
    /// <param name="t">The tile.</param>
    /// <param name="input">x, as in the forward pass.</param>
    /// <param name="weights">Where the layers start in the prepared weights.</param>
    /// <param name="hidden">The width of the first layer.</param>
    /// <param name="second">The width of the second layer.</param>
    /// <param name="outputs">The number of outputs, at most 4; or 0, if the second layer is what is asked for.</param>
    /// <param name="from">The first row of <see cref="Tile.GradWork"/> that holds the gradient that comes in.</param>
    /// <param name="parameters">Where the layers start in the parameters.</param>
    /// <param name="sums">Where their sums start among the accumulators.</param>
    /// <param name="activation">ReLU or LeakyReLU.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, Rows input, int weights, int hidden, int second, int outputs, int from, int parameters, int sums, Activation activation)
    {
        var shape = new DenseLineShape(hidden, second, outputs);
        if (Vector512.IsHardwareAccelerated)
        {
            DenseLineBackward.Run<Vec512>(ref t, input, weights, shape, from, parameters, Start(sums), activation);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            DenseLineBackward.Run<Vec256>(ref t, input, weights, shape, from, parameters, Start(sums), activation);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            DenseLineBackward.Run<Vec128>(ref t, input, weights, shape, from, parameters, Start(sums), activation);
        }
        else
        {
            DenseLineBackward.Run<VecScalar>(ref t, input, weights, shape, from, parameters, Start(sums), activation);
        }
    }

    /// <summary>Turns the sums over the batch into gradients of the parameters.</summary>
    /// <param name="s">The sums.</param>
    /// <param name="parameters">Where the layers start in the parameters.</param>
    /// <param name="hidden">The width of the first layer.</param>
    /// <param name="second">The width of the second layer.</param>
    /// <param name="outputs">The number of outputs, at most 4; or 0, if the second layer is what is asked for.</param>
    /// <param name="weights">Where the layers start in the prepared weights.</param>
    /// <param name="sums">Where their sums start among the accumulators.</param>
    /// <param name="activation">ReLU or LeakyReLU.</param>
    public static void Finish(ref GradientSums s, int parameters, int hidden, int second, int outputs, int weights, int sums, Activation activation)
    {
        var shape = new DenseLineShape(hidden, second, outputs);
        DenseLineSums.Finish(
            shape,
            s.Parameters.Slice(parameters, shape.ParameterCount),
            Slope(activation),
            s.Weights.Slice(weights, shape.PreparedSize),
            s.Gradient[Start(sums)..],
            s.Gradient.Slice(parameters, shape.ParameterCount));
    }

    /// <summary>The slope of the activation below 0.</summary>
    internal static double Slope(Activation activation) => activation switch
    {
        Activation.Relu => 0,
        Activation.LeakyRelu => VectorMath.LeakySlope,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "Neither Relu nor LeakyRelu: not of two linear pieces."),
    };

    // Accumulators start at a cache line: so do the sums.
    private static int Start(int sums) => Dense.Pad(sums);
}
