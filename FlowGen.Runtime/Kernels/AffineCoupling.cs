using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>
/// Affine coupling (Real NVP, equations 4 to 9): z = x e^s + t, or (x + t) e^s, on the changed coordinates, with s and t from the
/// others; log-det is the sum of s.
/// </summary>
/// <remarks>
/// The conditioner's output is n work rows of t, then n rows of the raw u that s is made of. The one parameter is the a of
/// <see cref="ScaleFunction.TanhBounded"/>.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AffineCoupling
{
    /// <summary>The floats that one layer takes in the prepared weights: a, for <see cref="ScaleFunction.TanhBounded"/>.</summary>
    public const int PreparedSize = 16;

    /// <summary>Copies a.</summary>
    public static void Prepare(ref Preparation p, int parameters, int weights) => p.Prepared[weights] = p.Parameters[parameters];

    /// <summary>x to z in place.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="output">The first work row of the conditioner's output.</param>
    /// <param name="scale">How the scale is made.</param>
    /// <param name="form">The order of scaling and shifting.</param>
    /// <param name="floor">Added to the sigmoid.</param>
    /// <param name="weights">Where a is in the prepared weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, Rows changed, int output, ScaleFunction scale, AffineForm form, float floor, int weights) =>
        Forward(ref t, changed, new RowSource(output), scale, form, floor, weights, -1);

    /// <summary>x to z in place, while the last convolution of the conditioner is made.</summary>
    /// <param name="t">The tile, with the input of that convolution in its planes.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="output">The last convolution of the conditioner.</param>
    /// <param name="outputWeights">Where it starts in the prepared weights.</param>
    /// <param name="scale">How the scale is made.</param>
    /// <param name="form">The order of scaling and shifting.</param>
    /// <param name="floor">Added to the sigmoid.</param>
    /// <param name="weights">Where a is in the prepared weights.</param>
    /// <param name="mask">Where the mask of the pixels that change is in the prepared weights, or -1 for whole rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(
        ref Tile t, Rows changed, ConvolutionOutput output, int outputWeights, ScaleFunction scale, AffineForm form, float floor, int weights, int mask = -1) =>
        Forward(ref t, changed, new ConvolutionSource(output, outputWeights), scale, form, floor, weights, mask);

    /// <summary>z to x in place; the conditioner's output stays as it is.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="output">The first work row of the conditioner's output.</param>
    /// <param name="scale">How the scale is made.</param>
    /// <param name="form">The order of scaling and shifting.</param>
    /// <param name="floor">Added to the sigmoid.</param>
    /// <param name="weights">Where a is in the prepared weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, Rows changed, int output, ScaleFunction scale, AffineForm form, float floor, int weights) =>
        Inverse(ref t, changed, new RowSource(output), scale, form, floor, weights, -1);

    /// <summary>z to x in place, while the last convolution of the conditioner is made.</summary>
    /// <param name="t">The tile, with the input of that convolution in its planes.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="output">The last convolution of the conditioner.</param>
    /// <param name="outputWeights">Where it starts in the prepared weights.</param>
    /// <param name="scale">How the scale is made.</param>
    /// <param name="form">The order of scaling and shifting.</param>
    /// <param name="floor">Added to the sigmoid.</param>
    /// <param name="weights">Where a is in the prepared weights.</param>
    /// <param name="mask">Where the mask of the pixels that change is in the prepared weights, or -1 for whole rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(
        ref Tile t, Rows changed, ConvolutionOutput output, int outputWeights, ScaleFunction scale, AffineForm form, float floor, int weights, int mask = -1) =>
        Inverse(ref t, changed, new ConvolutionSource(output, outputWeights), scale, form, floor, weights, mask);

    /// <summary>
    /// dL/dz to dL/dx in place, from the layer's input in the state; the gradients of t and u into the rows of the work area's
    /// gradient; adds dL/da.
    /// </summary>
    /// <param name="t">The tile.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="output">The first work row of the conditioner's output.</param>
    /// <param name="scale">How the scale is made.</param>
    /// <param name="form">The order of scaling and shifting.</param>
    /// <param name="floor">Added to the sigmoid.</param>
    /// <param name="weights">Where a is in the prepared weights.</param>
    /// <param name="parameters">Where a is in the parameters.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        ref Tile t, Rows changed, int output, ScaleFunction scale, AffineForm form, float floor, int weights, int parameters) =>
        BackwardRows(ref t, changed, output, scale, form, floor, weights, parameters, -1);

    /// <summary>
    /// dL/dz to dL/dx in place, from the layer's input in the state; the gradients of t and u into the rows of the work area's
    /// gradient; adds dL/da.
    /// </summary>
    /// <param name="t">The tile.</param>
    /// <param name="changed">The coordinates that change, of the state.</param>
    /// <param name="output">The last convolution of the conditioner, which left its output in the first work rows.</param>
    /// <param name="scale">How the scale is made.</param>
    /// <param name="form">The order of scaling and shifting.</param>
    /// <param name="floor">Added to the sigmoid.</param>
    /// <param name="weights">Where a is in the prepared weights.</param>
    /// <param name="parameters">Where a is in the parameters.</param>
    /// <param name="mask">Where the mask of the pixels that change is in the prepared weights, or -1 for whole rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(
        ref Tile t, Rows changed, ConvolutionOutput output, ScaleFunction scale, AffineForm form, float floor, int weights, int parameters, int mask = -1)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (TapBlock block in output.Blocks)
        {
            Rows part = changed.Slice(block.First / output.Kinds, block.Height / output.Kinds);
            BackwardRows(ref t, part, block.First, scale, form, floor, weights, parameters, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRows(
        ref Tile t, Rows changed, int output, ScaleFunction scale, AffineForm form, float floor, int weights, int parameters, int mask)
    {
        switch (scale)
        {
            case ScaleFunction.TanhBounded:
                Backward<TanhScale>(ref t, changed, output, form, Unsafe.Add(ref t.Weights, weights), parameters, mask);
                break;
            case ScaleFunction.Exp:
                Backward<ExpScale>(ref t, changed, output, form, 0, -1, mask);
                break;
            default:
                if (floor > 0)
                {
                    Backward<FlooredSigmoidScale>(ref t, changed, output, form, floor, -1, mask);
                }
                else
                {
                    Backward<SigmoidScale>(ref t, changed, output, form, 0, -1, mask);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Forward<TSource>(ref Tile t, Rows changed, TSource output, ScaleFunction scale, AffineForm form, float floor, int weights, int mask)
        where TSource : struct, IOutputSource
    {
        switch (scale)
        {
            case ScaleFunction.TanhBounded:
                Forward<TanhScale, TSource>(ref t, changed, output, form, Unsafe.Add(ref t.Weights, weights), mask);
                break;
            case ScaleFunction.Exp:
                Forward<ExpScale, TSource>(ref t, changed, output, form, 0, mask);
                break;
            default:
                if (floor > 0)
                {
                    Forward<FlooredSigmoidScale, TSource>(ref t, changed, output, form, floor, mask);
                }
                else
                {
                    Forward<SigmoidScale, TSource>(ref t, changed, output, form, 0, mask);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Forward<TScale, TSource>(ref Tile t, Rows changed, TSource output, AffineForm form, float parameter, int mask)
        where TScale : struct, IAffineScale
        where TSource : struct, IOutputSource
    {
        if (form == AffineForm.ScaleThenShift)
        {
            AffineKernel.Apply<AffineForward<TScale, ScaleThenShiftForm>, TSource>(ref t, changed, output, parameter, mask);
        }
        else
        {
            AffineKernel.Apply<AffineForward<TScale, ShiftThenScaleForm>, TSource>(ref t, changed, output, parameter, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Inverse<TSource>(ref Tile t, Rows changed, TSource output, ScaleFunction scale, AffineForm form, float floor, int weights, int mask)
        where TSource : struct, IOutputSource
    {
        switch (scale)
        {
            case ScaleFunction.TanhBounded:
                Inverse<TanhScale, TSource>(ref t, changed, output, form, Unsafe.Add(ref t.Weights, weights), mask);
                break;
            case ScaleFunction.Exp:
                Inverse<ExpScale, TSource>(ref t, changed, output, form, 0, mask);
                break;
            default:
                if (floor > 0)
                {
                    Inverse<FlooredSigmoidScale, TSource>(ref t, changed, output, form, floor, mask);
                }
                else
                {
                    Inverse<SigmoidScale, TSource>(ref t, changed, output, form, 0, mask);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Inverse<TScale, TSource>(ref Tile t, Rows changed, TSource output, AffineForm form, float parameter, int mask)
        where TScale : struct, IAffineScale
        where TSource : struct, IOutputSource
    {
        if (form == AffineForm.ScaleThenShift)
        {
            AffineKernel.Apply<AffineInverse<TScale, ScaleThenShiftForm>, TSource>(ref t, changed, output, parameter, mask);
        }
        else
        {
            AffineKernel.Apply<AffineInverse<TScale, ShiftThenScaleForm>, TSource>(ref t, changed, output, parameter, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Backward<TScale>(ref Tile t, Rows changed, int output, AffineForm form, float parameter, int parameterGradient, int mask)
        where TScale : struct, IAffineScale
    {
        if (form == AffineForm.ScaleThenShift)
        {
            AffineKernel.Backward<TScale, ScaleThenShiftForm>(ref t, changed, output, parameter, parameterGradient, mask);
        }
        else
        {
            AffineKernel.Backward<TScale, ShiftThenScaleForm>(ref t, changed, output, parameter, parameterGradient, mask);
        }
    }
}
