using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>
/// The diagonal of the Jacobian of one channel of a Mint layer of images, d = t + sum over i of h'(v) e, e = sum over j of m h'(u) with m = w3 w2 w1: e of up to six i in
/// registers, over some vectors of positions, and d added up while they are there. The derivatives come from the values h as they are read.
/// </summary>
internal ref struct MintImageDiagonal
{
    /// <summary>h(u) of the first path at the first position.</summary>
    public ref float First;

    /// <summary>h(v) of the next path.</summary>
    public ref float Second;

    /// <summary>The matrix m of the next path on, packed in blocks of rows.</summary>
    public ref float Matrix;

    /// <summary>t at the first position; after the first block what there is of d.</summary>
    public ref float Start;

    /// <summary>d at the first position.</summary>
    public ref float Result;

    /// <summary>Where e of the next path is kept, if it is.</summary>
    public ref float Inner;

    /// <summary>From one plane of hidden channels to the next.</summary>
    public nint Stride;

    /// <summary>The number of paths.</summary>
    public int Paths;

    /// <summary>The number of positions, whole vectors.</summary>
    public nint Lanes;

    /// <summary>Computes d at these positions.</summary>
    /// <param name="keeps">Whether e is kept.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, TOp>(bool keeps)
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
    {
        if (keeps)
        {
            Run<V, TOp, Size1>();
        }
        else
        {
            Run<V, TOp, Size0>();
        }
    }

    // The heights are those in which the matrix is packed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run<V, TOp, TKeep>()
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
        where TKeep : struct, IBlockSize
    {
        int blocks = DenseBlock.BlockCount(Paths);
        (int height, int higher) = Math.DivRem(Paths, blocks);
        for (int block = 0; block < blocks; block++)
        {
            int rows = block < higher ? height + 1 : height;
            switch (rows)
            {
                case 6: Block<V, TOp, TKeep, Size6>(); break;
                case 5: Block<V, TOp, TKeep, Size5>(); break;
                case 4: Block<V, TOp, TKeep, Size4>(); break;
                case 3: Block<V, TOp, TKeep, Size3>(); break;
                case 2: Block<V, TOp, TKeep, Size2>(); break;
                default: Block<V, TOp, TKeep, Size1>(); break;
            }

            Second = ref Unsafe.Add(ref Second, rows * Stride);
            Inner = ref Unsafe.Add(ref Inner, TKeep.Value != 0 ? rows * Stride : 0);
            Matrix = ref Unsafe.Add(ref Matrix, rows * (nint)Paths);
            Start = ref Result;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Block<V, TOp, TKeep, THeight>()
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
        where TKeep : struct, IBlockSize
        where THeight : struct, IBlockSize
    {
        nint lane = 0;
        if (V.BlockVectors == 4)
        {
            lane = Panels<V, TOp, TKeep, THeight, Size4>(lane);
        }

        lane = Panels<V, TOp, TKeep, THeight, Size2>(lane);
        _ = Panels<V, TOp, TKeep, THeight, Size1>(lane);
    }

    // As in DenseBlock, the conditions are constants of each instantiation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly nint Panels<V, TOp, TKeep, THeight, TWidth>(nint lane)
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
        where TKeep : struct, IBlockSize
        where THeight : struct, IBlockSize
        where TWidth : struct, IBlockSize
    {
        nint stride = Stride;
        nint end = Lanes - (TWidth.Value * V.Count);
        for (; lane <= end; lane += TWidth.Value * V.Count)
        {
            V c00 = V.Zero, c01 = V.Zero, c02 = V.Zero, c03 = V.Zero, c10 = V.Zero, c11 = V.Zero, c12 = V.Zero, c13 = V.Zero;
            V c20 = V.Zero, c21 = V.Zero, c22 = V.Zero, c23 = V.Zero, c30 = V.Zero, c31 = V.Zero, c32 = V.Zero, c33 = V.Zero;
            V c40 = V.Zero, c41 = V.Zero, c42 = V.Zero, c43 = V.Zero, c50 = V.Zero, c51 = V.Zero, c52 = V.Zero, c53 = V.Zero;
            ref float h = ref Unsafe.Add(ref First, lane);
            ref float m = ref Matrix;
            for (int path = Paths; path > 0; path--)
            {
                V x0 = TOp.Derivative(V.Load(ref h));
                V x1 = TWidth.Value > 1 ? TOp.Derivative(V.Load(ref h, V.Count)) : x0;
                V x2 = TWidth.Value > 2 ? TOp.Derivative(V.Load(ref h, 2 * V.Count)) : x0;
                V x3 = TWidth.Value > 3 ? TOp.Derivative(V.Load(ref h, 3 * V.Count)) : x0;
                h = ref Unsafe.Add(ref h, stride);
                V w = V.Create(m);
                V.Accumulate(ref c00, w, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c01, w, x1);
                if (TWidth.Value > 2) V.Accumulate(ref c02, w, x2);
                if (TWidth.Value > 3) V.Accumulate(ref c03, w, x3);
                if (THeight.Value > 1)
                {
                    w = V.Create(Unsafe.Add(ref m, 1));
                    V.Accumulate(ref c10, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c11, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c12, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c13, w, x3);
                }

                if (THeight.Value > 2)
                {
                    w = V.Create(Unsafe.Add(ref m, 2));
                    V.Accumulate(ref c20, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c21, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c22, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c23, w, x3);
                }

                if (THeight.Value > 3)
                {
                    w = V.Create(Unsafe.Add(ref m, 3));
                    V.Accumulate(ref c30, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c31, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c32, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c33, w, x3);
                }

                if (THeight.Value > 4)
                {
                    w = V.Create(Unsafe.Add(ref m, 4));
                    V.Accumulate(ref c40, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c41, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c42, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c43, w, x3);
                }

                if (THeight.Value > 5)
                {
                    w = V.Create(Unsafe.Add(ref m, 5));
                    V.Accumulate(ref c50, w, x0);
                    if (TWidth.Value > 1) V.Accumulate(ref c51, w, x1);
                    if (TWidth.Value > 2) V.Accumulate(ref c52, w, x2);
                    if (TWidth.Value > 3) V.Accumulate(ref c53, w, x3);
                }

                m = ref Unsafe.Add(ref m, THeight.Value);
            }

            ref float start = ref Unsafe.Add(ref Start, lane);
            V d0 = V.Load(ref start);
            V d1 = TWidth.Value > 1 ? V.Load(ref start, V.Count) : d0;
            V d2 = TWidth.Value > 2 ? V.Load(ref start, 2 * V.Count) : d0;
            V d3 = TWidth.Value > 3 ? V.Load(ref start, 3 * V.Count) : d0;
            ref float v = ref Unsafe.Add(ref Second, lane);
            ref float e = ref Unsafe.Add(ref Inner, TKeep.Value != 0 ? lane : 0);
            Add<V, TOp, TKeep, TWidth>(c00, c01, c02, c03, ref v, ref e, ref d0, ref d1, ref d2, ref d3);
            if (THeight.Value > 1)
            {
                v = ref Unsafe.Add(ref v, stride);
                e = ref Unsafe.Add(ref e, TKeep.Value * stride);
                Add<V, TOp, TKeep, TWidth>(c10, c11, c12, c13, ref v, ref e, ref d0, ref d1, ref d2, ref d3);
            }

            if (THeight.Value > 2)
            {
                v = ref Unsafe.Add(ref v, stride);
                e = ref Unsafe.Add(ref e, TKeep.Value * stride);
                Add<V, TOp, TKeep, TWidth>(c20, c21, c22, c23, ref v, ref e, ref d0, ref d1, ref d2, ref d3);
            }

            if (THeight.Value > 3)
            {
                v = ref Unsafe.Add(ref v, stride);
                e = ref Unsafe.Add(ref e, TKeep.Value * stride);
                Add<V, TOp, TKeep, TWidth>(c30, c31, c32, c33, ref v, ref e, ref d0, ref d1, ref d2, ref d3);
            }

            if (THeight.Value > 4)
            {
                v = ref Unsafe.Add(ref v, stride);
                e = ref Unsafe.Add(ref e, TKeep.Value * stride);
                Add<V, TOp, TKeep, TWidth>(c40, c41, c42, c43, ref v, ref e, ref d0, ref d1, ref d2, ref d3);
            }

            if (THeight.Value > 5)
            {
                v = ref Unsafe.Add(ref v, stride);
                e = ref Unsafe.Add(ref e, TKeep.Value * stride);
                Add<V, TOp, TKeep, TWidth>(c50, c51, c52, c53, ref v, ref e, ref d0, ref d1, ref d2, ref d3);
            }

            ref float d = ref Unsafe.Add(ref Result, lane);
            V.Store(d0, ref d);
            if (TWidth.Value > 1) V.Store(d1, ref d, V.Count);
            if (TWidth.Value > 2) V.Store(d2, ref d, 2 * V.Count);
            if (TWidth.Value > 3) V.Store(d3, ref d, 3 * V.Count);
        }

        return lane;
    }

    /// <summary>d += h'(v) e of one path.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<V, TOp, TKeep, TWidth>(
        V e0, V e1, V e2, V e3, ref float v, ref float e, ref V d0, ref V d1, ref V d2, ref V d3)
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
        where TKeep : struct, IBlockSize
        where TWidth : struct, IBlockSize
    {
        d0 = V.MultiplyAdd(TOp.Derivative(V.Load(ref v)), e0, d0);
        if (TWidth.Value > 1) d1 = V.MultiplyAdd(TOp.Derivative(V.Load(ref v, V.Count)), e1, d1);
        if (TWidth.Value > 2) d2 = V.MultiplyAdd(TOp.Derivative(V.Load(ref v, 2 * V.Count)), e2, d2);
        if (TWidth.Value > 3) d3 = V.MultiplyAdd(TOp.Derivative(V.Load(ref v, 3 * V.Count)), e3, d3);
        if (TKeep.Value != 0)
        {
            V.Store(e0, ref e);
            if (TWidth.Value > 1) V.Store(e1, ref e, V.Count);
            if (TWidth.Value > 2) V.Store(e2, ref e, 2 * V.Count);
            if (TWidth.Value > 3) V.Store(e3, ref e, 3 * V.Count);
        }
    }
}
