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
    // Positions whose hidden values of one channel are taken at once: they are read for every few paths, and fit the first cache.
    private const int ChunkLanes = 128;

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
        if (planes.ThirdTaps is { } taps)
        {
            taps.Convolution.Forward<V>(
                ref Unsafe.Add(ref prepared, planes.Convolution3), ref c, ref Unsafe.Add(ref t.Work, planes.E), Activation.Identity, ref nothing, add: false);
        }
        else
        {
            planes.Third.Forward<V>(ref Unsafe.Add(ref prepared, planes.Convolution3), ref c, ref y, Activation.Identity, ref nothing, add: false);
        }

        for (int channel = 0; channel < planes.Channels; channel++)
        {
            AddSkip<V>(ref t, channel);
        }

        for (int channel = 0; channel < planes.Channels; channel++)
        {
            AddDiagonal<V>(ref t, channel);
        }
    }

    /// <summary>d = t + sum over i of h'(v) sum over j of w3 w2 h'(u) w1 of one channel; keeps the inner sums for a gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddDiagonal<V>(ref Tile t, int channel)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        int paths = planes.Paths;
        nint size = shape.Size;
        nint unit = shape.Lead + (channel * paths * size);
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        for (int lane = 0; lane < shape.Lanes; lane += ChunkLanes)
        {
            MintImageDiagonal diagonal = new()
            {
                First = ref Unsafe.Add(ref t.Work, planes.A + unit + lane),
                Second = ref Unsafe.Add(ref t.Work, planes.C + unit + lane),
                Matrix = ref Unsafe.Add(ref prepared, planes.Inner + (channel * paths * paths)),
                Start = ref Unsafe.Add(ref prepared, (channel * shape.Lanes) + lane),
                Result = ref Unsafe.Add(ref t.Work, planes.Diagonal + shape.Lead + (channel * size) + lane),
                Inner = ref Unsafe.Add(ref t.Work, planes.E + unit + lane),
                Stride = size,
                Paths = paths,
                Lanes = Math.Min(ChunkLanes, shape.Lanes - lane),
            };
            diagonal.Run<V, TOp>(t.Recording);
        }
    }

    /// <summary>y = t x + (W3 c + b3) of one channel, from W3 c + b3 in y or, where there are sums for each tap, from those.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void AddSkip<V>(ref Tile t, int channel)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        nint place = shape.Lead + (channel * (nint)shape.Size);
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float slopes = ref Unsafe.Add(ref prepared, channel * shape.Lanes);
        ref float x = ref Unsafe.Add(ref t.Work, planes.X + place);
        ref float y = ref Unsafe.Add(ref t.Work, planes.Y + place);
        if (planes.ThirdTaps is not { } taps)
        {
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                V.Store(V.MultiplyAdd(V.Load(ref slopes, lane), V.Load(ref x, lane), V.Load(ref y, lane)), ref y, lane);
            }

            return;
        }

        taps.Add<V>(channel, ref slopes, ref x, ref Unsafe.Add(ref t.Work, planes.E + shape.Lead), ref y, shape.Lanes);
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
