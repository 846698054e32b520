using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>The gradient of a Mint layer of images: dL/dz and dL/dlog-det to dL/dx and dL/dparameters.</summary>
/// <remarks>The work area holds what <see cref="MintImageForward{TOp}"/> left there; the gradient's work area has the same planes, zero at their borders.</remarks>
/// <param name="planes">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
/// <param name="parameters">Where its parameters start.</param>
/// <param name="sums">Where its sums start.</param>
internal readonly struct MintImageGradient<TOp>(MintPlanes planes, int weights, int parameters, int sums) : IWideKernel
    where TOp : struct, ISmoothActivation
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        int paths = planes.Paths;
        nint size = shape.Size;
        ref float transposed = ref Unsafe.Add(ref t.TransposedWeights, weights);
        ref float gradient = ref Unsafe.Add(ref t.Gradient, parameters);
        ref float x = ref Unsafe.Add(ref t.Work, planes.X);
        ref float a = ref Unsafe.Add(ref t.Work, planes.A);
        ref float c = ref Unsafe.Add(ref t.Work, planes.C);
        ref float e = ref Unsafe.Add(ref t.Work, planes.E + shape.Lead);
        ref float slopes = ref Unsafe.Add(ref t.Work, planes.Some + shape.Lead);
        ref float gradX = ref Unsafe.Add(ref t.GradWork, planes.X);
        ref float gradU = ref Unsafe.Add(ref t.GradWork, planes.A);
        ref float gradV = ref Unsafe.Add(ref t.GradWork, planes.C);
        ref float gradE = ref Unsafe.Add(ref t.GradWork, planes.E);
        ref float gradZ = ref Unsafe.Add(ref t.GradWork, planes.Y);

        Planes.Fill(shape, planes.Channels, ref t.GradState, t.Lanes, ref gradZ, PixelSet.All);
        planes.Third.AddWeightGradients<V>(ref gradZ, ref c, ref Unsafe.Add(ref gradient, planes.Weight3), ref Unsafe.Add(ref gradient, planes.Bias3));
        planes.Third.InputGradient<V>(ref Unsafe.Add(ref transposed, planes.Convolution3), ref gradZ, ref gradV, Activation.Identity, ref c, accumulate: false);
        Scale<V>(ref t);
        shape.ClearBorders(ref gradE, planes.Units);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            Second<V>(ref t, channel);
            nint unit = channel * paths * size;
            ref float ge = ref Unsafe.Add(ref gradE, shape.Lead + unit);
            MintImageSlopes.Derive<V, TOp>(ref Unsafe.Add(ref a, shape.Lead + unit), size, paths, ref slopes, size);

            // Over whole planes, borders and all, whose dL/de is zero: so rows are as far apart as they are long.
            DenseGradient.Weights<V>(
                ref ge, size, paths, ref slopes, size, paths, ref t.Turned, ref Unsafe.Add(ref t.Gradient, sums + (channel * paths * paths)));

            // dL/dh'(u) takes the place of e, which nothing reads any more.
            DenseProduct inner = new()
            {
                Left = ref Unsafe.Add(ref transposed, planes.Inner + (channel * paths * paths)),
                Right = ref ge,
                Result = ref Unsafe.Add(ref e, unit),
                Side = ref ge,
                Rows = paths,
                Depth = paths,
                RightStride = size,
                ResultStride = size,
                SideStride = size,
            };
            DenseBlock.Multiply<V, StoreFinish>(ref inner, shape.Lanes);
        }

        planes.Second.AddWeightGradients<V>(ref gradV, ref a, ref Unsafe.Add(ref gradient, planes.Weight2), ref Unsafe.Add(ref gradient, planes.Bias2));
        planes.Second.InputGradient<V>(ref Unsafe.Add(ref transposed, planes.Convolution2), ref gradV, ref gradU, Activation.Identity, ref a, accumulate: false);
        for (int unit = 0; unit < planes.Units; unit++)
        {
            MintImageSlopes.Combine<V, TOp>(
                ref Unsafe.Add(ref a, shape.Lead + (unit * size)), ref Unsafe.Add(ref e, unit * size), ref Unsafe.Add(ref gradU, shape.Lead + (unit * size)), shape.Lanes);
        }

        planes.First.AddWeightGradients<V>(ref gradU, ref x, ref gradient, ref Unsafe.Add(ref gradient, planes.Bias1));
        planes.First.InputGradient<V>(ref Unsafe.Add(ref transposed, planes.Convolution1), ref gradU, ref gradX, Activation.Identity, ref x, accumulate: false);
        AddSkip<V>(ref t);
        Planes.Read(shape, planes.Channels, ref gradX, ref t.GradState, t.Lanes);
    }

    /// <summary>r = dL/dlog-det / d at the pixels, zero at borders; dL/dt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scale<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        V upstream = V.Create(t.GradLogDet);
        bool separate = !Unsafe.IsNullRef(ref t.GradLogDetRows);
        if (separate)
        {
            Planes.Fill(shape, planes.Channels, ref t.GradLogDetRows, t.Lanes, ref Unsafe.Add(ref t.GradWork, planes.Diagonal), PixelSet.All);
        }

        for (int channel = 0; channel < planes.Channels; channel++)
        {
            nint place = shape.Lead + (channel * (nint)shape.Size);
            ref float r = ref Unsafe.Add(ref t.GradWork, planes.Diagonal + place);
            ref float d = ref Unsafe.Add(ref t.Work, planes.Diagonal + place);
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                V byLogDet = separate ? V.Load(ref r, lane) : upstream;
                V.Store(V.And(byLogDet / V.Load(ref d, lane), V.Load(ref shape.PixelMask, lane)), ref r, lane);
            }

            ref float g = ref Unsafe.Add(ref t.GradWork, planes.Y + place);
            ref float x = ref Unsafe.Add(ref t.Work, planes.X + place);
            ref float slope = ref Unsafe.Add(ref t.Gradient, parameters + planes.Slope + (channel * shape.Height * shape.Width));
            for (int row = 0; row < shape.Height; row++)
            {
                AddRow(ref g, ref x, ref r, ref slope, shape.Width);
                g = ref Unsafe.Add(ref g, shape.Stride);
                x = ref Unsafe.Add(ref x, shape.Stride);
                r = ref Unsafe.Add(ref r, shape.Stride);
                slope = ref Unsafe.Add(ref slope, shape.Width);
            }
        }
    }

    /// <summary>slope += g x + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(ref float g, ref float x, ref float r, ref float slope, nint count)
    {
        nint i = 0;
        for (; i <= count - Vec128.Count; i += Vec128.Count)
        {
            Vec128 sum = Vec128.Load(ref slope, i) + Vec128.MultiplyAdd(Vec128.Load(ref g, i), Vec128.Load(ref x, i), Vec128.Load(ref r, i));
            Vec128.Store(sum, ref slope, i);
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref slope, i) += float.MultiplyAddEstimate(Unsafe.Add(ref g, i), Unsafe.Add(ref x, i), Unsafe.Add(ref r, i));
        }
    }

    /// <summary>From dL/dc and r of one channel to dL/dv and dL/de of its second hidden channels, and what the diagonal adds to W3's centre taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Second<V>(ref Tile t, int channel)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        ref float r = ref Unsafe.Add(ref t.GradWork, planes.Diagonal + shape.Lead + (channel * (nint)shape.Size));
        for (int i = 0; i < planes.Paths; i++)
        {
            int unit = (channel * planes.Paths) + i;
            nint place = shape.Lead + (unit * (nint)shape.Size);
            V w3 = V.Create(Unsafe.Add(ref t.Weights, weights + planes.Centre3 + unit));
            ref float c = ref Unsafe.Add(ref t.Work, planes.C + place);
            ref float e = ref Unsafe.Add(ref t.Work, planes.E + place);
            ref float gradV = ref Unsafe.Add(ref t.GradWork, planes.C + place);
            ref float gradE = ref Unsafe.Add(ref t.GradWork, planes.E + place);
            V sum = V.Zero;
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                V h = V.Load(ref c, lane);
                V inner = V.Load(ref e, lane);
                V rest = V.Load(ref r, lane);
                V p = TOp.Derivative(h);
                V share = rest * p;
                V.Store(share * w3, ref gradE, lane);
                sum = V.MultiplyAdd(share, inner, sum);
                V.Store(V.MultiplyAdd(V.Load(ref gradV, lane), p, rest * w3 * inner * TOp.SecondDerivative(h)), ref gradV, lane);
            }

            Unsafe.Add(ref t.Gradient, parameters + planes.Weight3 + planes.ThirdMask.Centre(channel, 0, i)) += V.Sum(sum);
        }
    }

    /// <summary>dL/dx += t dL/dz.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddSkip<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            nint place = shape.Lead + (channel * (nint)shape.Size);
            ref float slope = ref Unsafe.Add(ref t.Weights, weights + (channel * shape.Lanes));
            ref float g = ref Unsafe.Add(ref t.GradWork, planes.Y + place);
            ref float to = ref Unsafe.Add(ref t.GradWork, planes.X + place);
            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                V.Store(V.MultiplyAdd(V.Load(ref slope, lane), V.Load(ref g, lane), V.Load(ref to, lane)), ref to, lane);
            }
        }
    }
}
