using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The learned scale of a convolution that starts at zero: y = (W * x + b) e^(3 k), one k for each output channel (Glow, section 3.3).</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ConvolutionScale
{
    /// <summary>How fast the scale moves with its parameter, as in the code of the paper.</summary>
    private const float Factor = 3;

    /// <summary>The floats that the scales take in the prepared weights.</summary>
    /// <param name="count">The number of channels.</param>
    public static int PreparedSize(int count) => Dense.Pad(count);

    /// <summary>Computes e^(3 k).</summary>
    /// <param name="p">The preparation.</param>
    /// <param name="parameters">Where k starts in the parameters.</param>
    /// <param name="count">The number of channels.</param>
    /// <param name="weights">Where the scales start in the prepared weights.</param>
    public static void Prepare(ref Preparation p, int parameters, int count, int weights)
    {
        var scales = p.Prepared.Slice(weights, PreparedSize(count));
        scales.Clear();
        for (int i = 0; i < count; i++)
        {
            scales[i] = (float)Math.Exp((double)Factor * p.Parameters[parameters + i]);
        }
    }

    /// <summary>The first work rows = planes of the work area times e^(3 k); zero behind the last pixel.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="shape">The planes.</param>
    /// <param name="from">Where the planes start in the work area, in floats.</param>
    /// <param name="count">The number of channels.</param>
    /// <param name="weights">Where the scales start in the prepared weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, PlaneShape shape, int from, int count, int weights)
    {
        Planes.Store(ref t, shape, from, count, 0);
        var kernel = new Scale(count, weights);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    /// <summary>The gradient planes at <paramref name="to"/> = that of the first work rows times e^(3 k); adds the gradient of k.</summary>
    /// <param name="t">The tile, after the forward pass.</param>
    /// <param name="shape">The planes.</param>
    /// <param name="count">The number of channels.</param>
    /// <param name="to">Where the planes start in the work area, in floats.</param>
    /// <param name="weights">Where the scales start in the prepared weights.</param>
    /// <param name="parameters">Where k starts in the parameters.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, PlaneShape shape, int count, int to, int weights, int parameters)
    {
        var kernel = new Gradients(count, weights, parameters);
        KernelWidth.OverLanes(ref t, ref kernel);
        Planes.LoadGradient(ref t, shape, 0, count, to);
    }

    private readonly struct Scale(int count, int weights) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            ref float row = ref t.Work;
            ref float scale = ref Unsafe.Add(ref t.Weights, weights);
            for (int i = 0; i < count; i++)
            {
                V factor = V.Create(Unsafe.Add(ref scale, i));
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V.Store(V.Load(ref row, lane) * factor, ref row, lane);
                }

                row = ref Unsafe.Add(ref row, lanes);
            }
        }
    }

    private readonly struct Gradients(int count, int weights, int parameters) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            ref float value = ref t.Work;
            ref float upstream = ref t.GradWork;
            ref float scale = ref Unsafe.Add(ref t.Weights, weights);
            ref float gradient = ref Unsafe.Add(ref t.Gradient, parameters);
            for (int i = 0; i < count; i++)
            {
                V factor = V.Create(Unsafe.Add(ref scale, i));
                V sum = V.Zero;
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V g = V.Load(ref upstream, lane);
                    V.Accumulate(ref sum, g, V.Load(ref value, lane));
                    V.Store(g * factor, ref upstream, lane);
                }

                Unsafe.Add(ref gradient, i) += Factor * V.Sum(sum);
                value = ref Unsafe.Add(ref value, lanes);
                upstream = ref Unsafe.Add(ref upstream, lanes);
            }
        }
    }
}
