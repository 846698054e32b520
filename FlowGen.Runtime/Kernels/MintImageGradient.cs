using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>The gradient of a Mint layer of images: dL/dz and dL/dlog-det to dL/dx and dL/dparameters.</summary>
/// <remarks>
/// The work area holds what <see cref="MintImageForward{TOp}"/> left there; the gradient's work area has the same planes, zero at their borders. Where one pass over h(v) and e
/// is the last that reads them, dL/dv and dL/de take their place: a third less for the caches to hold.
/// </remarks>
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
        ref float gradX = ref Unsafe.Add(ref t.GradWork, planes.X);
        ref float gradU = ref Unsafe.Add(ref t.GradWork, planes.A);
        ref float gradV = ref Unsafe.Add(ref SecondGradients(ref t), planes.C);
        ref float gradE = ref Unsafe.Add(ref SecondGradients(ref t), planes.E);
        ref float gradZ = ref Unsafe.Add(ref t.GradWork, planes.Y);

        Planes.Fill(shape, planes.Channels, ref t.GradState, t.Lanes, ref gradZ, PixelSet.All);
        Scale<V>(ref t);
        LaneSums.AddRows<V>(ref Unsafe.Add(ref gradZ, shape.Lead), size, shape.Lanes, planes.Channels, ref Unsafe.Add(ref gradient, planes.Bias3));
        Third<V>(ref t);
        for (int channel = 0; channel < planes.Channels; channel++)
        {
            nint unit = shape.Lead + (channel * paths * size);
            TapGradient.Products<V, DerivativeRead<TOp>>(
                ref Unsafe.Add(ref gradE, unit),
                ref Unsafe.Add(ref a, unit),
                size,
                paths,
                paths,
                shape.Lanes,
                ref Unsafe.Add(ref t.Gradient, sums + (channel * paths * paths)));
            DenseProduct inner = new()
            {
                Left = ref Unsafe.Add(ref transposed, planes.Inner + (channel * paths * paths)),
                Right = ref Unsafe.Add(ref gradE, unit),
                Result = ref Unsafe.Add(ref gradU, unit),
                Side = ref Unsafe.Add(ref a, unit),
                Rows = paths,
                Depth = paths,
                RightStride = size,
                ResultStride = size,
                SideStride = size,
            };
            DenseBlock.Multiply<V, CurvatureFinish<TOp>>(ref inner, shape.Lanes);
        }

        planes.Second.AddWeightGradients<V>(ref gradV, ref a, ref Unsafe.Add(ref gradient, planes.Weight2), ref Unsafe.NullRef<float>());
        planes.Second.InputGradient<V, AddTimesDerivativeFinish<TOp>>(ref Unsafe.Add(ref transposed, planes.Convolution2), ref gradV, ref gradU, ref a);
        planes.First.AddWeightGradients<V>(ref gradU, ref x, ref gradient, ref Unsafe.Add(ref gradient, planes.Bias1));
        First<V>(ref t);
        Planes.Read(shape, planes.Channels, ref gradX, ref t.GradState, t.Lanes);
    }

    /// <summary>Where dL/dv and dL/de are, at the places of h(v) and e.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref float SecondGradients(ref Tile t) => ref planes.IsThirdOnePass ? ref t.Work : ref t.GradWork;

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
                AddRow<V>(ref g, ref x, ref r, ref slope, shape.Width);
                g = ref Unsafe.Add(ref g, shape.Stride);
                x = ref Unsafe.Add(ref x, shape.Stride);
                r = ref Unsafe.Add(ref r, shape.Stride);
                slope = ref Unsafe.Add(ref slope, shape.Width);
            }
        }
    }

    /// <summary>slope += g x + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow<V>(ref float g, ref float x, ref float r, ref float slope, nint count)
        where V : struct, IVec<V>
    {
        nint i = AddWhole<V>(0, ref g, ref x, ref r, ref slope, count);
        i = V.Count > Vec256.Count ? AddWhole<Vec256>(i, ref g, ref x, ref r, ref slope, count) : i;
        i = V.Count > Vec128.Count ? AddWhole<Vec128>(i, ref g, ref x, ref r, ref slope, count) : i;
        for (; i < count; i++)
        {
            Unsafe.Add(ref slope, i) += float.MultiplyAddEstimate(Unsafe.Add(ref g, i), Unsafe.Add(ref x, i), Unsafe.Add(ref r, i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint AddWhole<V>(nint i, ref float g, ref float x, ref float r, ref float slope, nint count)
        where V : struct, IVec<V>
    {
        for (; i <= count - V.Count; i += V.Count)
        {
            V.Store(V.Load(ref slope, i) + V.MultiplyAdd(V.Load(ref g, i), V.Load(ref x, i), V.Load(ref r, i)), ref slope, i);
        }

        return i;
    }

    /// <summary>From dL/dz and r to dL/dv and dL/de of the second hidden channels; the gradients of W3 and b2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Third<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        var blocks = planes.Third.TransposedBlocks;
        ref float transposed = ref Unsafe.Add(ref t.TransposedWeights, weights + planes.Convolution3 + Dense.Pad(planes.Channels));
        ref float gradient = ref Unsafe.Add(ref t.Gradient, parameters);
        ref float gradients = ref SecondGradients(ref t);
        if (!planes.IsThirdOnePass)
        {
            // Around h(v) the forward pass left zeros.
            shape.ClearBorders(ref Unsafe.Add(ref gradients, planes.C), planes.Units);
        }

        foreach (TapBlock block in blocks.Blocks)
        {
            for (int i = 0; i < block.Height; i++)
            {
                int unit = block.First + i;
                (int channel, int path) = Math.DivRem(unit, planes.Paths);
                nint place = shape.Lead + (unit * (nint)shape.Size);
                MintImageThird third = new()
                {
                    Upstream = ref Unsafe.Add(ref t.GradWork, planes.Y + shape.Lead),
                    Scale = ref Unsafe.Add(ref t.GradWork, planes.Diagonal + shape.Lead + (channel * (nint)shape.Size)),
                    Values = ref Unsafe.Add(ref t.Work, planes.C + place),
                    Inner = ref Unsafe.Add(ref t.Work, planes.E + place),
                    Mask = ref shape.PixelMask,
                    GradValues = ref Unsafe.Add(ref gradients, planes.C + place),
                    GradInner = ref Unsafe.Add(ref gradients, planes.E + place),
                    Offsets = ref blocks.Offsets[block.TapStart],
                    Weights = ref Unsafe.Add(ref transposed, block.WeightStart + i),
                    Places = ref blocks.Weights[block.WeightStart + i],
                    Step = block.Height,
                    Taps = block.TapCount,
                    Third = Unsafe.Add(ref t.Weights, weights + planes.Centre3 + unit),
                    Lanes = shape.Lanes,
                    Gradient = ref Unsafe.Add(ref gradient, planes.Weight3),
                    ThirdGradient = ref Unsafe.Add(ref gradient, planes.Weight3 + planes.ThirdMask.Centre(channel, 0, path)),
                    BiasGradient = ref Unsafe.Add(ref gradient, planes.Bias2 + unit),
                };
                third.Run<V, TOp>();
            }
        }
    }

    /// <summary>dL/dx = t dL/dz + W1' dL/du.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void First<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        var shape = planes.Shape;
        ref float transposed = ref Unsafe.Add(ref t.TransposedWeights, weights + planes.Convolution1);
        ref float gradU = ref Unsafe.Add(ref t.GradWork, planes.A);
        ref float gradX = ref Unsafe.Add(ref t.GradWork, planes.X);
        ref float sums = ref Unsafe.Add(ref t.GradWork, planes.E);
        if (planes.FirstTaps is { } whole)
        {
            whole.Convolution.Forward<V>(ref transposed, ref gradU, ref sums, Activation.Identity, ref Unsafe.NullRef<float>(), add: false);
        }
        else
        {
            planes.First.InputGradient<V, StoreFinish>(ref transposed, ref gradU, ref gradX, ref gradU);
        }

        for (int channel = 0; channel < planes.Channels; channel++)
        {
            nint place = shape.Lead + (channel * (nint)shape.Size);
            ref float slope = ref Unsafe.Add(ref t.Weights, weights + (channel * shape.Lanes));
            ref float g = ref Unsafe.Add(ref t.GradWork, planes.Y + place);
            ref float to = ref Unsafe.Add(ref gradX, place);
            if (planes.FirstTaps is { } taps)
            {
                taps.Add<V>(channel, ref slope, ref g, ref Unsafe.Add(ref sums, shape.Lead), ref to, shape.Lanes);
                continue;
            }

            for (nint lane = 0; lane < shape.Lanes; lane += V.Count)
            {
                V.Store(V.MultiplyAdd(V.Load(ref slope, lane), V.Load(ref g, lane), V.Load(ref to, lane)), ref to, lane);
            }
        }
    }
}
