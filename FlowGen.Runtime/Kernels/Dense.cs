using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Fully connected layer on a tile: y = act(W x + b), and its gradients.</summary>
/// <remarks>
/// <para>
/// Every output is one chain, acc = b[o], then acc = W[o, k] x[k] + acc for k = 0, 1, ..., then the activation (four chains where
/// there are but one or two outputs, see <see cref="DenseSplit"/>): the same bits on every path and in every lane of a machine.
/// </para>
/// <para>
/// A term whose x[k] is zero, as half of what comes out of a ReLU is, changes no bit of a chain and may be left out (<see cref="DenseSparse"/>), on any path, but for
/// two things. It could turn an acc of -0 into +0: so a chain starts from no -0, and where no ReLU follows its end is added to +0. And a weight that
/// is not finite would make it NaN: so the preparation makes the bias of a row with such a weight NaN, and its output is NaN whatever x is.
/// </para>
/// <para>
/// Gradients are chains of the same kind, by the weights over the samples of a tile, by the inputs over the outputs; terms of which the upstream gradient is zero may be left
/// out of them (<see cref="DenseSparseGradient"/>) with the same bits, but for the sign of a zero.
/// </para>
/// <para>
/// W is <c>[outputs, inputs]</c>, row-major, and b follows it directly, in the parameters and in their gradient alike. Sizes and
/// offsets are trusted: they come from generated code.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Dense
{
    /// <summary>The floats that one layer takes in the prepared weights, in each of their forms.</summary>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    public static int PreparedSize(int inputs, int outputs) => Pad(outputs) + (Leading(outputs) * Pad(inputs));

    /// <summary>Prepares one layer in the form that is asked for: what its chains start from, and W where a path does not read it best as it lies in the parameters.</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="parameters">Where W starts in the parameters.</param>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    public static void Prepare(ref Preparation p, int parameters, int inputs, int outputs, int weights)
    {
        ReadOnlySpan<float> matrix = p.Parameters.Slice(parameters, outputs * inputs);
        ReadOnlySpan<float> bias = p.Parameters.Slice(parameters + matrix.Length, outputs);
        Pack(p.Form, matrix, bias, inputs, outputs, p.Prepared.Slice(weights, PreparedSize(inputs, outputs)));
    }

    /// <summary>Work rows [<paramref name="to"/>, <paramref name="to"/> + <paramref name="outputs"/>) = act(W x + b).</summary>
    /// <param name="t">The tile.</param>
    /// <param name="input">x: its count is the number of inputs. Must not overlap the rows written.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="to">The first work row to write.</param>
    /// <param name="parameters">Where W starts in the parameters.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="preActivation">The first work row at which W x + b is kept as well, or -1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, Rows input, int weights, int outputs, int to, int parameters, Activation activation, int preActivation = -1)
    {
        if (t.Lanes == 1)
        {
            ForwardSingle(ref t, input, weights, outputs, to, activation, preActivation);
        }
        else
        {
            ForwardTile(ref t, input, weights, outputs, to, ref Unsafe.Add(ref t.Parameters, parameters), activation, preActivation, next: 0);
        }
    }

    /// <summary>
    /// The same where nothing but the next layer, a dense one, reads the result, unless the tile is recorded: it may then lie sample by sample. A layer whose outputs are
    /// the vector lanes makes it so, and reads it best so.
    /// </summary>
    /// <param name="t">The tile.</param>
    /// <param name="input">x: its count is the number of inputs. Must not overlap the rows written.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="to">The first work row to write.</param>
    /// <param name="parameters">Where W starts in the parameters.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="next">The number of outputs of the next layer.</param>
    /// <param name="preActivation">The first work row at which W x + b is kept as well, or -1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ForwardHidden(ref Tile t, Rows input, int weights, int outputs, int to, int parameters, Activation activation, int next, int preActivation = -1)
    {
        if (t.Lanes == 1)
        {
            ForwardSingle(ref t, input, weights, outputs, to, activation, preActivation);
        }
        else
        {
            ForwardTile(ref t, input, weights, outputs, to, ref Unsafe.Add(ref t.Parameters, parameters), activation, preActivation, next);
        }
    }

    /// <summary>From the gradient of W x + b to the gradients of W, b and x.</summary>
    /// <remarks>
    /// The gradients of W and b are added to <see cref="Tile.Gradient"/>. That of input rows in the work area is stored (or added)
    /// and multiplied by the derivative of the activation that made them; that of input rows in the state is always added, as it is.
    /// </remarks>
    /// <param name="t">The tile, after the forward pass.</param>
    /// <param name="input">x, as in the forward pass.</param>
    /// <param name="weights">Where the layer starts in the prepared weights.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="from">The first row of <see cref="Tile.GradWork"/> that holds the gradient of W x + b.</param>
    /// <param name="parameters">Where W starts in the parameters.</param>
    /// <param name="inputActivation">The activation that made work rows <paramref name="input"/>.</param>
    /// <param name="inputPreActivation">Where that activation's own input was kept, for those whose derivative needs it, or -1.</param>
    /// <param name="accumulate">Whether to add to the input's gradient in the work area rather than store it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        ref Tile t,
        Rows input,
        int weights,
        int outputs,
        int from,
        int parameters,
        Activation inputActivation = Activation.Identity,
        int inputPreActivation = -1,
        bool accumulate = false)
    {
        if (Vector512.IsHardwareAccelerated && t.Lanes % Vec512.Count == 0)
        {
            DenseTile.Backward<Vec512>(ref t, input, weights, outputs, from, parameters, inputActivation, inputPreActivation, accumulate);
        }
        else if (Vector256.IsHardwareAccelerated && t.Lanes % Vec256.Count == 0)
        {
            DenseTile.Backward<Vec256>(ref t, input, weights, outputs, from, parameters, inputActivation, inputPreActivation, accumulate);
        }
        else if (Vector128.IsHardwareAccelerated && t.Lanes % Vec128.Count == 0)
        {
            DenseTile.Backward<Vec128>(ref t, input, weights, outputs, from, parameters, inputActivation, inputPreActivation, accumulate);
        }
        else
        {
            DenseTile.Backward<VecScalar>(ref t, input, weights, outputs, from, parameters, inputActivation, inputPreActivation, accumulate);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Pad(int count) => (count + 15) & ~15;

    /// <summary>
    /// The floats from one column of the single-sample form to the next: the outputs padded to 16, and by another cache line where columns would otherwise begin in
    /// a quarter of the sets of the first cache or fewer.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Leading(int outputs) => (Pad(outputs) & 255) == 0 ? Pad(outputs) + 16 : Pad(outputs);

    /// <summary><see cref="Prepare"/> for a matrix from anywhere. An empty <paramref name="bias"/> is zero.</summary>
    internal static void Pack(WeightForm form, ReadOnlySpan<float> matrix, ReadOnlySpan<float> bias, int inputs, int outputs, Span<float> prepared)
    {
        if (form == WeightForm.Single)
        {
            PackSingle(matrix, bias, inputs, outputs, prepared);
        }
        else if (form == WeightForm.Tile)
        {
            DensePack.Bias(matrix, bias, outputs, inputs, prepared[..Pad(outputs)]);
        }
    }

    /// <summary>The same for a matrix that is no parameter: where tiles and gradients read it as it lies, it lies here, for tiles behind the bias.</summary>
    internal static void PackMatrix(WeightForm form, ReadOnlySpan<float> matrix, int inputs, int outputs, Span<float> prepared)
    {
        Pack(form, matrix, bias: default, inputs, outputs, prepared);
        if (form != WeightForm.Single)
        {
            matrix.CopyTo(prepared[(form == WeightForm.Tile ? Pad(outputs) : 0)..]);
        }
    }

    /// <summary><see cref="Forward"/> for what <see cref="PackMatrix"/> prepared.</summary>
    internal static void ForwardMatrix(ref Tile t, Rows input, int weights, int outputs, int to)
    {
        if (t.Lanes == 1)
        {
            ForwardSingle(ref t, input, weights, outputs, to, Activation.Identity, preActivation: -1);
        }
        else
        {
            ForwardTile(ref t, input, weights, outputs, to, ref Unsafe.Add(ref t.Weights, weights + Pad(outputs)), Activation.Identity, preActivation: -1, next: 0);
        }
    }

    /// <summary>The single-sample form, the same for vectors of any width.</summary>
    internal static void PackSingle(ReadOnlySpan<float> matrix, ReadOnlySpan<float> bias, int inputs, int outputs, Span<float> prepared)
    {
        DensePack.Bias(matrix, bias, outputs, inputs, prepared[..Pad(outputs)]);
        if (DenseSplit.Applies(outputs, inputs))
        {
            matrix.CopyTo(prepared[Pad(outputs)..]);
        }
        else
        {
            DensePack.Columns(matrix, outputs, inputs, prepared[Pad(outputs)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardSingle(ref Tile t, Rows input, int weights, int outputs, int to, Activation activation, int preActivation)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            DenseSingle.Forward<Vec512>(ref t, input, weights, outputs, to, activation, preActivation);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            DenseSingle.Forward<Vec256>(ref t, input, weights, outputs, to, activation, preActivation);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            DenseSingle.Forward<Vec128>(ref t, input, weights, outputs, to, activation, preActivation);
        }
        else
        {
            DenseSingle.Forward<VecScalar>(ref t, input, weights, outputs, to, activation, preActivation);
        }
    }

    // Apart from the single sample, whose call must be short.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ForwardTile(ref Tile t, Rows input, int weights, int outputs, int to, ref float matrix, Activation activation, int preActivation, int next)
    {
        bool bySample = TileGeometry.HasFew && next > 0 && DenseFew.KeepsSamples<Vec512>(ref t, input, outputs, activation, next);
        if (TileGeometry.HasFew && DenseSparse.Pays<Vec512>(ref t, input, outputs))
        {
            DenseSparse.Forward<Vec512>(ref t, input, weights, outputs, to, activation, preActivation, bySample);
            t.BySample = bySample;
        }
        else if (TileGeometry.HasFew && (bySample || t.BySample || (t.Lanes == Vec512.Count && DenseFew.Pays(t.Samples, outputs, input.Count))))
        {
            DenseFew.Forward<Vec512>(ref t, input, weights, outputs, to, activation, preActivation, bySample);
            t.BySample = bySample;
        }
        else if (Vector512.IsHardwareAccelerated && t.Lanes % Vec512.Count == 0)
        {
            DenseTile.Forward<Vec512>(ref t, input, weights, outputs, to, ref matrix, activation, preActivation);
        }
        else if (Vector256.IsHardwareAccelerated && t.Lanes % Vec256.Count == 0)
        {
            DenseTile.Forward<Vec256>(ref t, input, weights, outputs, to, ref matrix, activation, preActivation);
        }
        else if (Vector128.IsHardwareAccelerated && t.Lanes % Vec128.Count == 0)
        {
            DenseTile.Forward<Vec128>(ref t, input, weights, outputs, to, ref matrix, activation, preActivation);
        }
        else
        {
            DenseTile.Forward<VecScalar>(ref t, input, weights, outputs, to, ref matrix, activation, preActivation);
        }
    }
}
