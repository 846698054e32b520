using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>A Mint layer of a vector, data to latent.</summary>
/// <param name="shape">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
internal readonly struct MintForward<TOp>(MintShape shape, int weights) : IWideKernel
    where TOp : struct, ISmoothActivation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        Evaluate<V>(ref t);
        RowCopy.Copy(ref Unsafe.Add(ref t.Work, shape.Y * lanes), ref t.State, shape.Count * lanes);
        AddLogDet<V>(ref t, inverse: false);
    }

    /// <summary>The layer's value at the state in the rows of Y, the diagonal of its Jacobian in those of the diagonal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        int paths = shape.Paths;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float a = ref t.Work;
        ref float c = ref Unsafe.Add(ref t.Work, shape.C * lanes);
        ref float some = ref Unsafe.Add(ref t.Work, shape.Some * lanes);
        shape.First.Multiply<V, BiasFinish>(
            ref Unsafe.Add(ref prepared, shape.Matrix1), ref Unsafe.Add(ref prepared, shape.PreparedBias1), ref t.State, ref a, lanes);
        Activate<V>(ref a, shape.Units * lanes);
        shape.Second.Multiply<V, BiasFinish>(
            ref Unsafe.Add(ref prepared, shape.Matrix2), ref Unsafe.Add(ref prepared, shape.PreparedBias2), ref a, ref c, lanes);
        Activate<V>(ref c, shape.Units * lanes);
        shape.Third.Multiply<V, BiasFinish>(
            ref Unsafe.Add(ref prepared, shape.Matrix3), ref Unsafe.Add(ref prepared, shape.PreparedBias3), ref c, ref Unsafe.Add(ref t.Work, shape.Y * lanes), lanes);
        for (int group = 0; group < shape.Count; group++)
        {
            Derive<V>(ref Unsafe.Add(ref a, group * paths * lanes), ref some, paths * lanes);
            DenseProduct inner = new()
            {
                Left = ref Unsafe.Add(ref prepared, shape.Inner + (group * paths * paths)),
                Right = ref some,
                Result = ref Unsafe.Add(ref t.Work, (shape.E + (group * paths)) * lanes),
                Side = ref some,
                Rows = paths,
                Depth = paths,
                RightStride = lanes,
                ResultStride = lanes,
                SideStride = lanes,
            };
            DenseBlock.Multiply<V, StoreFinish>(ref inner, t.Lanes);
            Complete<V>(ref t, group);
        }
    }

    /// <summary>Adds the logarithms of the diagonal, or takes them away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddLogDet<V>(ref Tile t, bool inverse)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        if (!Unsafe.IsNullRef(ref t.LogDetRows))
        {
            LogDetRows.AddLogarithms<V>(ref Unsafe.Add(ref t.Work, shape.Diagonal * lanes), ref t.LogDetRows, shape.Count * lanes);
            return;
        }

        ref float sums = ref t.LogDet;
        for (nint lane = 0; lane < lanes; lane += V.Count)
        {
            V high = V.Load(ref sums, lane);
            V low = V.Load(ref sums, lanes + lane);
            ref float d = ref Unsafe.Add(ref t.Work, (shape.Diagonal * lanes) + lane);
            for (int row = 0; row < shape.Count; row++)
            {
                V log = VectorMath.Log(V.Load(ref d));
                LogDetSum.Add(inverse ? -log : log, ref high, ref low);
                d = ref Unsafe.Add(ref d, lanes);
            }

            V.Store(high, ref sums, lane);
            V.Store(low, ref sums, lanes + lane);
        }
    }

    /// <summary>y = t x + (W3 c + b3) and d = t + sum of w3 h'(v) e of one coordinate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Complete<V>(ref Tile t, int group)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float w3 = ref Unsafe.Add(ref prepared, shape.Centre3 + (group * shape.Paths));
        V slope = V.Create(Unsafe.Add(ref prepared, group));
        for (nint lane = 0; lane < lanes; lane += V.Count)
        {
            ref float c = ref Unsafe.Add(ref t.Work, ((shape.C + (group * shape.Paths)) * lanes) + lane);
            ref float e = ref Unsafe.Add(ref t.Work, ((shape.E + (group * shape.Paths)) * lanes) + lane);
            V d = slope;
            for (int i = 0; i < shape.Paths; i++)
            {
                V p = TOp.Derivative(V.Load(ref c, i * lanes)) * V.Create(Unsafe.Add(ref w3, i));
                d = V.MultiplyAdd(p, V.Load(ref e, i * lanes), d);
            }

            V.Store(d, ref t.Work, ((shape.Diagonal + group) * lanes) + lane);
            ref float y = ref Unsafe.Add(ref t.Work, ((shape.Y + group) * lanes) + lane);
            V.Store(V.MultiplyAdd(slope, V.Load(ref t.State, (group * lanes) + lane), V.Load(ref y)), ref y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Activate<V>(ref float values, nint count)
        where V : struct, IVec<V>
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            V.Store(TOp.Apply(V.Load(ref values, i)), ref values, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Derive<V>(ref float values, ref float to, nint count)
        where V : struct, IVec<V>
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            V.Store(TOp.Derivative(V.Load(ref values, i)), ref to, i);
        }
    }
}
