using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>A Mint layer of images, latent to data: diagonal Newton steps on the whole image, then coordinate by coordinate where they do not suffice.</summary>
/// <remarks>
/// x becomes x - step (f(x) - z) / d with the diagonal d of the Jacobian at x. With step 1 the iteration is exact after finitely many steps for a linear
/// layer; for others it can grow before it shrinks. Where the residual has not fallen for a while the step is halved, though not below m / M, the least slope
/// of a coordinate over its largest, with which the iteration converges from everywhere. Where the steps allowed are used up, the coordinates are solved
/// one after the other (<see cref="MintImageSolve{TOp}"/>), from where the iteration stands; where that is not enough, in double precision
/// (<see cref="MintImageExact{TOp}"/>).
/// </remarks>
/// <param name="planes">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
/// <param name="activation">The function h.</param>
internal readonly struct MintImageInverse<TOp>(MintPlanes planes, int weights, Activation activation) : IWideKernel
    where TOp : struct, ISmoothActivation
{
    // Evaluations without a new least residual before the step is halved.
    private const int Patience = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        var forward = new MintImageForward<TOp>(planes, weights, activation);
        ref float z = ref Unsafe.Add(ref t.Work, planes.Z);
        Planes.Fill(shape, planes.Channels, ref t.State, t.Lanes, ref z, PixelSet.All);
        RowCopy.Copy(ref z, ref Unsafe.Add(ref t.Work, planes.X), shape.Floats(planes.Channels));
        if (t.InverseIsPlain)
        {
            Divide<V>(ref t);
        }

        float tolerance = InversionRecord.Tolerance(ref t);
        int limit = InversionRecord.Limit(ref t);
        float step = Math.Min(1, InversionRecord.Step(ref t));
        float scale = Largest<V>(ref z);
        float least = float.PositiveInfinity;
        int waited = 0;
        int evaluations = 0;
        int means = 0;
        float shortest = Math.Min(step, Unsafe.Add(ref t.Weights, weights + planes.ShortestStep));
        float residual;
        float bound = float.NaN;
        while (true)
        {
            forward.Evaluate<V>(ref t);
            evaluations++;
            residual = Residual<V>(ref t) / Math.Max(1, scale);
            if (!(residual > tolerance))
            {
                break;
            }

            if (means == InversionRecord.Bracketed)
            {
                (residual, bound, int more) = new MintImageExact<TOp>(planes, weights).Run(ref t);
                residual /= Math.Max(1, scale);
                evaluations += more + 1;
                means = InversionRecord.Rounded;
                forward.Evaluate<V>(ref t);
                break;
            }

            if (t.InverseIsPlain && evaluations > limit)
            {
                break;
            }

            if (evaluations > limit)
            {
                evaluations += new MintImageSolve<TOp>(planes, weights).Run(ref t);
                means = InversionRecord.Bracketed;
                continue;
            }

            if (residual < least)
            {
                least = residual;
                waited = 0;
            }
            else if (++waited == Patience && !t.InverseIsPlain)
            {
                step = Math.Max(step / 2, shortest);
                waited = 0;
                least = residual;
            }

            Step<V>(ref t, step);
        }

        Planes.Read(shape, planes.Channels, ref Unsafe.Add(ref t.Work, planes.X), ref t.State, t.Lanes);
        forward.AddLogDet<V>(ref t, inverse: true);
        InversionRecord.AddImage(ref t, residual, means == InversionRecord.Rounded ? bound : Bound<V>(ref t), evaluations, means);
    }

    /// <summary>x -= step (f(x) - z) / d at the pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Step<V>(ref Tile t, float step)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        V length = V.Create(step);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            nint place = shape.Lead + (channel * (nint)shape.Size);
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                nint at = place + lane;
                ref float x = ref Unsafe.Add(ref t.Work, planes.X + at);
                V excess = V.Load(ref t.Work, planes.Y + at) - V.Load(ref t.Work, planes.Z + at);
                V move = V.And(length * excess / V.Load(ref t.Work, planes.Diagonal + at), V.Load(ref shape.PixelMask, lane));
                V.Store(V.Load(ref x) - move, ref x);
            }
        }
    }

    /// <summary>x /= t.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Divide<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            nint place = planes.X + shape.Lead + (channel * (nint)shape.Size);
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                V.Store(V.Load(ref t.Work, place + lane) / V.Load(ref t.Weights, weights + (channel * shape.Lanes) + lane), ref t.Work, place + lane);
            }
        }
    }

    /// <summary>The largest |f(x) - z|; NaN if one is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private float Residual<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        V largest = V.Zero;
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            nint place = shape.Lead + (channel * (nint)shape.Size);
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                V excess = V.Load(ref t.Work, planes.Y + place + lane) - V.Load(ref t.Work, planes.Z + place + lane);
                largest = V.Max(largest, V.And(V.Abs(excess), V.Load(ref shape.PixelMask, lane)));
            }
        }

        return LargestLane(largest);
    }

    /// <summary>The largest |f(x) - z| / t: how far a coordinate can be from where it belongs given those before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private float Bound<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        V largest = V.Zero;
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            nint place = shape.Lead + (channel * (nint)shape.Size);
            ref float slope = ref Unsafe.Add(ref t.Weights, weights + (channel * shape.Lanes));
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                V excess = V.Load(ref t.Work, planes.Y + place + lane) - V.Load(ref t.Work, planes.Z + place + lane);
                largest = V.Max(largest, V.And(V.Abs(excess) / V.Load(ref slope, lane), V.Load(ref shape.PixelMask, lane)));
            }
        }

        return LargestLane(largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private float Largest<V>(ref float values)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        V largest = V.Zero;
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            ref float plane = ref Unsafe.Add(ref values, shape.Lead + (channel * (nint)shape.Size));
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                largest = V.Max(largest, V.And(V.Abs(V.Load(ref plane, lane)), V.Load(ref shape.PixelMask, lane)));
            }
        }

        return LargestLane(largest);
    }

    private static float LargestLane<V>(V values)
        where V : struct, IVec<V>
    {
        ref float lane = ref Unsafe.As<V, float>(ref values);
        float largest = lane;
        for (int i = 1; i < V.Count; i++)
        {
            largest = Math.Max(largest, Unsafe.Add(ref lane, i));
        }

        return largest;
    }
}
