using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>A Mint layer of images, data to latent.</summary>
/// <param name="planes">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
/// <param name="activation">The function h.</param>
internal readonly struct MintImageForward<TOp>(MintPlanes planes, int weights, Activation activation) : IWideKernel
    where TOp : struct, ISmoothActivation
{
    // Positions whose hidden values of one channel are taken at once: those and their products fit the first cache.
    private const int ChunkLanes = 128;
    private const int ManyPaths = 24;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        Planes.Fill(planes.Shape, planes.Channels, ref t.State, t.Lanes, ref Unsafe.Add(ref t.Work, planes.X), PixelSet.All);
        Evaluate<V>(ref t);
        Planes.Read(planes.Shape, planes.Channels, ref Unsafe.Add(ref t.Work, planes.Y), ref t.State, t.Lanes);
        AddLogDet<V>(ref t, inverse: false);
    }

    /// <summary>The layer's value at the planes of x in those of Y, the diagonal of its Jacobian in those of the diagonal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float a = ref Unsafe.Add(ref t.Work, planes.A);
        ref float c = ref Unsafe.Add(ref t.Work, planes.C);
        ref float y = ref Unsafe.Add(ref t.Work, planes.Y);
        ref float nothing = ref Unsafe.NullRef<float>();
        planes.First.Forward<V>(ref Unsafe.Add(ref prepared, planes.Convolution1), ref Unsafe.Add(ref t.Work, planes.X), ref a, activation, ref nothing, add: false);
        planes.Second.Forward<V>(ref Unsafe.Add(ref prepared, planes.Convolution2), ref a, ref c, activation, ref nothing, add: false);
        planes.Third.Forward<V>(ref Unsafe.Add(ref prepared, planes.Convolution3), ref c, ref y, Activation.Identity, ref nothing, add: false);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            AddDiagonal<V>(ref t, channel);
        }
    }

    /// <summary>y = t x + (W3 c + b3) and d = t + sum over i of w3 h'(v) sum over j of w2 h'(u) w1 of one channel; keeps the inner sums for a gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddDiagonal<V>(ref Tile t, int channel)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        int paths = planes.Paths;
        nint size = shape.Size;
        nint unit = shape.Lead + (channel * paths * size);
        int most = paths > ManyPaths ? ChunkLanes / 2 : ChunkLanes;
        ref float slopes = ref Unsafe.Add(ref t.Work, planes.Some + shape.Lead);
        ref float e = ref Unsafe.Add(ref t.Work, planes.E + unit);
        for (int lane = 0; lane < shape.Lanes; lane += most)
        {
            int lanes = Math.Min(most, shape.Lanes - lane);
            MintImageSlopes.Derive<V, TOp>(ref Unsafe.Add(ref t.Work, planes.A + unit + lane), size, paths, ref slopes, lanes);
            ref float sums = ref t.Recording ? ref Unsafe.Add(ref e, lane) : ref e;
            nint stride = t.Recording ? size : lanes;
            DenseProduct inner = new()
            {
                Left = ref Unsafe.Add(ref t.Weights, weights + planes.Inner + (channel * paths * paths)),
                Right = ref slopes,
                Result = ref sums,
                Side = ref slopes,
                Rows = paths,
                Depth = paths,
                RightStride = lanes,
                ResultStride = stride,
                SideStride = lanes,
            };
            DenseBlock.Multiply<V, StoreFinish>(ref inner, lanes);
            Complete<V>(ref t, channel, lane, lanes, ref sums, stride);
        }
    }

    /// <summary>Adds the logarithms of the diagonal, or takes them away, pixel by pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddLogDet<V>(ref Tile t, bool inverse)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        int pixels = planes.Shape.Height * planes.Shape.Width;
        ref float rows = ref Unsafe.Add(ref t.Work, planes.Rows);
        Planes.Read(planes.Shape, planes.Channels, ref Unsafe.Add(ref t.Work, planes.Diagonal), ref rows, lanes);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref rows, (channel * lanes) + pixels), (int)lanes - pixels).Fill(1);
        }

        var kernel = new Logarithms(planes.Channels, planes.Rows, inverse);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    /// <summary>y = t x + (W3 c + b3) and d = t + sum of w3 h'(v) e at some positions of one channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Complete<V>(ref Tile t, int channel, nint first, nint lanes, ref float e, nint stride)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        nint size = shape.Size;
        nint paths = planes.Paths;
        nint place = shape.Lead + (channel * size) + first;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float w3 = ref Unsafe.Add(ref prepared, planes.Centre3 + (channel * paths));
        ref float slopes = ref Unsafe.Add(ref prepared, (channel * shape.Lanes) + first);
        ref float c = ref Unsafe.Add(ref t.Work, planes.C + shape.Lead + (channel * paths * size) + first);
        ref float x = ref Unsafe.Add(ref t.Work, planes.X + place);
        ref float y = ref Unsafe.Add(ref t.Work, planes.Y + place);
        ref float diagonal = ref Unsafe.Add(ref t.Work, planes.Diagonal + place);

        // Four sums at once: each is a chain.
        nint lane = 0;
        for (; lane <= lanes - (4 * V.Count); lane += 4 * V.Count)
        {
            V d0 = V.Load(ref slopes, lane);
            V d1 = V.Load(ref slopes, lane + V.Count);
            V d2 = V.Load(ref slopes, lane + (2 * V.Count));
            V d3 = V.Load(ref slopes, lane + (3 * V.Count));
            ref float value = ref Unsafe.Add(ref c, lane);
            ref float sum = ref Unsafe.Add(ref e, lane);
            for (nint i = 0; i < paths; i++)
            {
                V w = V.Create(Unsafe.Add(ref w3, i));
                d0 = V.MultiplyAdd(TOp.Derivative(V.Load(ref value)) * w, V.Load(ref sum), d0);
                d1 = V.MultiplyAdd(TOp.Derivative(V.Load(ref value, V.Count)) * w, V.Load(ref sum, V.Count), d1);
                d2 = V.MultiplyAdd(TOp.Derivative(V.Load(ref value, 2 * V.Count)) * w, V.Load(ref sum, 2 * V.Count), d2);
                d3 = V.MultiplyAdd(TOp.Derivative(V.Load(ref value, 3 * V.Count)) * w, V.Load(ref sum, 3 * V.Count), d3);
                value = ref Unsafe.Add(ref value, size);
                sum = ref Unsafe.Add(ref sum, stride);
            }

            V.Store(d0, ref diagonal, lane);
            V.Store(d1, ref diagonal, lane + V.Count);
            V.Store(d2, ref diagonal, lane + (2 * V.Count));
            V.Store(d3, ref diagonal, lane + (3 * V.Count));
        }

        for (; lane < lanes; lane += V.Count)
        {
            V d = V.Load(ref slopes, lane);
            ref float value = ref Unsafe.Add(ref c, lane);
            ref float sum = ref Unsafe.Add(ref e, lane);
            for (nint i = 0; i < paths; i++)
            {
                d = V.MultiplyAdd(TOp.Derivative(V.Load(ref value)) * V.Create(Unsafe.Add(ref w3, i)), V.Load(ref sum), d);
                value = ref Unsafe.Add(ref value, size);
                sum = ref Unsafe.Add(ref sum, stride);
            }

            V.Store(d, ref diagonal, lane);
        }

        for (lane = 0; lane < lanes; lane += V.Count)
        {
            V.Store(V.MultiplyAdd(V.Load(ref slopes, lane), V.Load(ref x, lane), V.Load(ref y, lane)), ref y, lane);
        }
    }

    private readonly struct Logarithms(int channels, int rows, bool inverse) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
            if (!Unsafe.IsNullRef(ref t.LogDetRows))
            {
                LogDetRows.AddLogarithms<V>(ref Unsafe.Add(ref t.Work, rows), ref t.LogDetRows, channels * lanes);
                return;
            }

            ref float sums = ref t.LogDet;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V high = V.Load(ref sums, lane);
                V low = V.Load(ref sums, lanes + lane);
                for (int channel = 0; channel < channels; channel++)
                {
                    V log = VectorMath.Log(V.Load(ref t.Work, rows + (channel * lanes) + lane));
                    LogDetSum.Add(inverse ? -log : log, ref high, ref low);
                }

                V.Store(high, ref sums, lane);
                V.Store(low, ref sums, lanes + lane);
            }
        }
    }
}
