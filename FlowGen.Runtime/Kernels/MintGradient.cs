using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>The gradient of a Mint layer of a vector: dL/dz and dL/dlog-det to dL/dx and dL/dparameters.</summary>
/// <remarks>The state holds x, the work area what <see cref="MintForward{TOp}"/> left there; the gradient's work area has the same rows.</remarks>
/// <param name="shape">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
/// <param name="parameters">Where its parameters start.</param>
/// <param name="sums">Where its sums start.</param>
internal readonly struct MintGradient<TOp>(MintShape shape, int weights, int parameters, int sums) : IWideKernel
    where TOp : struct, ISmoothActivation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        int paths = shape.Paths;
        ref float transposed = ref Unsafe.Add(ref t.TransposedWeights, weights);
        ref float gradient = ref Unsafe.Add(ref t.Gradient, parameters);
        ref float a = ref t.Work;
        ref float c = ref Unsafe.Add(ref t.Work, shape.C * lanes);
        ref float gradU = ref t.GradWork;
        ref float gradV = ref Unsafe.Add(ref t.GradWork, shape.C * lanes);
        ref float gradE = ref Unsafe.Add(ref t.GradWork, shape.E * lanes);
        ref float some = ref Unsafe.Add(ref t.GradWork, shape.Some * lanes);
        ref float slopes = ref Unsafe.Add(ref t.Work, shape.Some * lanes);

        // W3, b3 and t.
        shape.Third.AddGradient<V>(ref t.GradState, ref c, lanes, ref t.Turned, ref Unsafe.Add(ref gradient, shape.Weight3));
        LaneSums.AddRows<V>(ref t.GradState, lanes, lanes, shape.Count, ref Unsafe.Add(ref gradient, shape.Bias3));
        shape.Third.Transposed.Multiply<V, StoreFinish>(ref Unsafe.Add(ref transposed, shape.Matrix3), ref gradV, ref t.GradState, ref gradV, lanes);
        Scale<V>(ref t);

        // The second units; the products of the centre taps.
        for (int group = 0; group < shape.Count; group++)
        {
            Second<V>(ref t, group);
            Slopes<V>(ref Unsafe.Add(ref a, group * paths * lanes), ref slopes, paths * lanes);
            ref float ge = ref Unsafe.Add(ref gradE, group * paths * lanes);
            DenseGradient.Weights<V>(
                ref ge, lanes, paths, ref slopes, lanes, paths, ref t.Turned, ref Unsafe.Add(ref t.Gradient, sums + (group * paths * paths)));
            DenseProduct inner = new()
            {
                Left = ref Unsafe.Add(ref transposed, shape.Inner + (group * paths * paths)),
                Right = ref ge,
                Result = ref some,
                Side = ref some,
                Rows = paths,
                Depth = paths,
                RightStride = lanes,
                ResultStride = lanes,
                SideStride = lanes,
            };
            DenseBlock.Multiply<V, StoreFinish>(ref inner, t.Lanes);
            RowCopy.Copy(ref some, ref ge, paths * lanes);
        }

        LaneSums.AddRows<V>(ref gradV, lanes, lanes, shape.Units, ref Unsafe.Add(ref gradient, shape.Bias2));
        shape.Second.AddGradient<V>(ref gradV, ref a, lanes, ref t.Turned, ref Unsafe.Add(ref gradient, shape.Weight2));

        // The first units.
        shape.Second.Transposed.Multiply<V, StoreFinish>(ref Unsafe.Add(ref transposed, shape.Matrix2), ref gradU, ref gradV, ref gradU, lanes);
        for (nint i = 0; i < shape.Units * lanes; i += V.Count)
        {
            V h = V.Load(ref a, i);
            V p = TOp.Derivative(h);
            V.Store((V.Load(ref gradU, i) + TOp.TimesCurvature(V.Load(ref gradE, i), h, p)) * p, ref gradU, i);
        }

        LaneSums.AddRows<V>(ref gradU, lanes, lanes, shape.Units, ref Unsafe.Add(ref gradient, shape.Bias1));
        shape.First.AddGradient<V>(ref gradU, ref t.State, lanes, ref t.Turned, ref gradient);
        shape.First.Transposed.Multiply<V, AddFinish>(ref Unsafe.Add(ref transposed, shape.Matrix1), ref gradU, ref gradU, ref t.GradState, lanes);
    }

    /// <summary>r = dL/dlog-det / d of each coordinate; dL/dt; what t passes of dL/dz, which everything else has read by now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        bool separate = !Unsafe.IsNullRef(ref t.GradLogDetRows);
        ref float upstream = ref separate ? ref t.GradLogDetRows : ref t.GradLogDet;
        for (int row = 0; row < shape.Count; row++)
        {
            V sum = V.Zero;
            V slope = V.Create(Unsafe.Add(ref t.Weights, weights + row));
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V r = V.Load(ref upstream, lane) / V.Load(ref t.Work, ((shape.Diagonal + row) * lanes) + lane);
                V.Store(r, ref t.GradWork, ((shape.Diagonal + row) * lanes) + lane);
                ref float g = ref Unsafe.Add(ref t.GradState, (row * lanes) + lane);
                sum += V.MultiplyAdd(V.Load(ref g), V.Load(ref t.State, (row * lanes) + lane), r);
                V.Store(V.Load(ref g) * slope, ref g);
            }

            Unsafe.Add(ref t.Gradient, parameters + shape.Slope + row) += V.Sum(sum);
            upstream = ref Unsafe.Add(ref upstream, separate ? lanes : 0);
        }
    }

    /// <summary>From dL/dc and r of one coordinate to dL/dv and dL/de of its second units, and what the diagonal adds to the gradient of W3's centre taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Second<V>(ref Tile t, int group)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        ref float centre = ref Unsafe.Add(ref t.Gradient, parameters + shape.Weight3 + shape.Third.Centre(group, 0, 0));
        ref float r = ref Unsafe.Add(ref t.GradWork, (shape.Diagonal + group) * lanes);
        for (int i = 0; i < shape.Paths; i++)
        {
            int unit = (group * shape.Paths) + i;
            V w3 = V.Create(Unsafe.Add(ref t.Weights, weights + shape.Centre3 + unit));
            ref float c = ref Unsafe.Add(ref t.Work, (shape.C + unit) * lanes);
            ref float e = ref Unsafe.Add(ref t.Work, (shape.E + unit) * lanes);
            ref float gradV = ref Unsafe.Add(ref t.GradWork, (shape.C + unit) * lanes);
            ref float gradE = ref Unsafe.Add(ref t.GradWork, (shape.E + unit) * lanes);
            V sum = V.Zero;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V h = V.Load(ref c, lane);
                V inner = V.Load(ref e, lane);
                V p = TOp.Derivative(h);
                V share = V.Load(ref r, lane) * p;
                V.Store(share * w3, ref gradE, lane);
                sum = V.MultiplyAdd(share, inner, sum);
                V byP = V.Load(ref r, lane) * w3 * inner;
                V.Store((V.Load(ref gradV, lane) + TOp.TimesCurvature(byP, h, p)) * p, ref gradV, lane);
            }

            Unsafe.Add(ref centre, i) += V.Sum(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slopes<V>(ref float values, ref float to, nint count)
        where V : struct, IVec<V>
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            V.Store(TOp.Derivative(V.Load(ref values, i)), ref to, i);
        }
    }
}
