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
        var shape = planes.Shape;
        int paths = planes.Paths;
        nint size = shape.Size;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float a = ref Unsafe.Add(ref t.Work, planes.A);
        ref float c = ref Unsafe.Add(ref t.Work, planes.C);
        ref float y = ref Unsafe.Add(ref t.Work, planes.Y);
        ref float some = ref Unsafe.Add(ref t.Work, planes.Some + shape.Lead);
        ref float nothing = ref Unsafe.NullRef<float>();
        planes.First.Forward<V>(ref Unsafe.Add(ref prepared, planes.Convolution1), ref Unsafe.Add(ref t.Work, planes.X), ref a, activation, ref nothing, add: false);
        planes.Second.Forward<V>(ref Unsafe.Add(ref prepared, planes.Convolution2), ref a, ref c, activation, ref nothing, add: false);
        planes.Third.Forward<V>(ref Unsafe.Add(ref prepared, planes.Convolution3), ref c, ref y, Activation.Identity, ref nothing, add: false);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            MintImageSlopes.Derive<V, TOp>(ref Unsafe.Add(ref a, shape.Lead + (channel * paths * size)), ref some, paths * size);
            DenseProduct inner = new()
            {
                Left = ref Unsafe.Add(ref prepared, planes.Inner + (channel * paths * paths)),
                Right = ref some,
                Result = ref Unsafe.Add(ref t.Work, planes.E + shape.Lead + (channel * paths * size)),
                Side = ref some,
                Rows = paths,
                Depth = paths,
                RightStride = size,
                ResultStride = size,
                SideStride = size,
            };
            DenseBlock.Multiply<V, StoreFinish>(ref inner, shape.Lanes);
            Complete<V>(ref t, channel);
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

    /// <summary>y = t x + (W3 c + b3) and d = t + sum of w3 h'(v) e of one channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Complete<V>(ref Tile t, int channel)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        nint size = shape.Size;
        nint unit = shape.Lead + (channel * planes.Paths * size);
        nint place = shape.Lead + (channel * size);
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float w3 = ref Unsafe.Add(ref prepared, planes.Centre3 + (channel * planes.Paths));
        ref float slopes = ref Unsafe.Add(ref prepared, channel * shape.Lanes);
        ref float x = ref Unsafe.Add(ref t.Work, planes.X + place);
        ref float y = ref Unsafe.Add(ref t.Work, planes.Y + place);
        ref float diagonal = ref Unsafe.Add(ref t.Work, planes.Diagonal + place);
        for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
        {
            ref float c = ref Unsafe.Add(ref t.Work, planes.C + unit + lane);
            ref float e = ref Unsafe.Add(ref t.Work, planes.E + unit + lane);
            V slope = V.Load(ref slopes, lane);
            V d = slope;
            for (int i = 0; i < planes.Paths; i++)
            {
                d = V.MultiplyAdd(TOp.Derivative(V.Load(ref c)) * V.Create(Unsafe.Add(ref w3, i)), V.Load(ref e), d);
                c = ref Unsafe.Add(ref c, size);
                e = ref Unsafe.Add(ref e, size);
            }

            V.Store(d, ref diagonal, lane);
            V.Store(V.MultiplyAdd(slope, V.Load(ref x, lane), V.Load(ref y, lane)), ref y, lane);
        }
    }

    private readonly struct Logarithms(int channels, int rows, bool inverse) : IWideKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint lanes = t.Lanes;
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
