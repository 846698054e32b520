using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>
/// What one second hidden channel of a Mint layer of images takes from the gradient of the outputs, in one pass over its values: the convolution by the transposed W3 and the
/// products by W3's gradient read the same few places around a position, and dL/dv, dL/de and the sums for b2 and W3's centre tap need both.
/// </summary>
/// <remarks>
/// With p = h'(v), g = W3' dL/dz and r = dL/dlog-det / d: e with w3 in it: dL/de = r p, dL/dv = g p + r e h''(v), dL/dw3 = dL/de e / w3. Up to six taps at a time; before the last of them g waits where dL/dv will be.
/// </remarks>
internal ref struct MintImageThird
{
    /// <summary>Most taps at once: their weights, their sums and what the last pass needs fit 32 registers.</summary>
    public const int MaxTaps = 6;

    /// <summary>dL/dz at the first pixel of plane 0, zero at borders.</summary>
    public ref float Upstream;

    /// <summary>r of the channel at its first pixel, zero at borders.</summary>
    public ref float Scale;

    /// <summary>h(v), zero at borders.</summary>
    public ref float Values;

    /// <summary>e.</summary>
    public ref float Inner;

    /// <summary>All bits set at pixels, none at borders.</summary>
    public ref float Mask;

    /// <summary>Becomes dL/dv, zero at borders; where <see cref="MaxTaps"/> is not exceeded it may be where h(v) is.</summary>
    public ref float GradValues;

    /// <summary>Becomes dL/de, zero at borders; it may be where e is, as dL/dv.</summary>
    public ref float GradInner;

    /// <summary>Where each tap reads the upstream planes.</summary>
    public ref int Offsets;

    /// <summary>The packed weight of each tap.</summary>
    public ref float Weights;

    /// <summary>Where each tap is in W3, or -1.</summary>
    public ref int Places;

    /// <summary>From the weight or place of one tap to that of the next.</summary>
    public nint Step;

    /// <summary>The number of taps.</summary>
    public int Taps;

    /// <summary>W3's centre tap of this hidden channel.</summary>
    public float Third;

    /// <summary>The number of positions, whole vectors.</summary>
    public nint Lanes;

    /// <summary>The gradient of W3.</summary>
    public ref float Gradient;

    /// <summary>That of the centre tap.</summary>
    public ref float ThirdGradient;

    /// <summary>That of the bias.</summary>
    public ref float BiasGradient;

    /// <summary>Computes both gradients, and adds those of the parameters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, TOp>()
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
    {
        int groups = (Taps + MaxTaps - 1) / MaxTaps;
        (int size, int larger) = Math.DivRem(Taps, groups);
        for (int group = 0; group < groups; group++)
        {
            int taps = group < larger ? size + 1 : size;
            if (groups == 1)
            {
                Pass<V, TOp, Size1, Size1>(taps);
            }
            else if (group == 0)
            {
                Pass<V, TOp, Size1, Size0>(taps);
            }
            else if (group < groups - 1)
            {
                Pass<V, TOp, Size0, Size0>(taps);
            }
            else
            {
                Pass<V, TOp, Size0, Size1>(taps);
            }

            Offsets = ref Unsafe.Add(ref Offsets, taps);
            Weights = ref Unsafe.Add(ref Weights, taps * Step);
            Places = ref Unsafe.Add(ref Places, taps * Step);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pass<V, TOp, TFirst, TLast>(int taps)
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
        where TFirst : struct, IBlockSize
        where TLast : struct, IBlockSize
    {
        Span<float> memory = stackalloc float[8];
        memory.Clear();
        ref float sums = ref MemoryMarshal.GetReference(memory);
        switch (taps)
        {
            case 6: Pass<V, TOp, TFirst, TLast, Size6>(ref sums); break;
            case 5: Pass<V, TOp, TFirst, TLast, Size5>(ref sums); break;
            case 4: Pass<V, TOp, TFirst, TLast, Size4>(ref sums); break;
            case 3: Pass<V, TOp, TFirst, TLast, Size3>(ref sums); break;
            case 2: Pass<V, TOp, TFirst, TLast, Size2>(ref sums); break;
            default: Pass<V, TOp, TFirst, TLast, Size1>(ref sums); break;
        }

        for (int tap = 0; tap < taps; tap++)
        {
            int place = Unsafe.Add(ref Places, tap * Step);
            if (place >= 0)
            {
                Unsafe.Add(ref Gradient, place) += memory[tap];
            }
        }

        if (TLast.Value != 0)
        {
            // With w3 = 0 there is no path: e is zero, whatever w3 would be.
            ThirdGradient += Third == 0 ? 0 : memory[MaxTaps] / Third;
            BiasGradient += memory[MaxTaps + 1];
        }
    }

    // The conditions are constants of each instantiation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Pass<V, TOp, TFirst, TLast, TTaps>(ref float sums)
        where V : struct, IVec<V>
        where TOp : struct, ISmoothActivation
        where TFirst : struct, IBlockSize
        where TLast : struct, IBlockSize
        where TTaps : struct, IBlockSize
    {
        V s0, s1, s2, s3, s4, s5, third, bias;
        s0 = s1 = s2 = s3 = s4 = s5 = third = bias = V.Zero;
        V w0 = V.Create(Weights);
        V w1 = V.Create(Unsafe.Add(ref Weights, TTaps.Value > 1 ? Step : 0));
        V w2 = V.Create(Unsafe.Add(ref Weights, TTaps.Value > 2 ? 2 * Step : 0));
        V w3 = V.Create(Unsafe.Add(ref Weights, TTaps.Value > 3 ? 3 * Step : 0));
        V w4 = V.Create(Unsafe.Add(ref Weights, TTaps.Value > 4 ? 4 * Step : 0));
        V w5 = V.Create(Unsafe.Add(ref Weights, TTaps.Value > 5 ? 5 * Step : 0));
        ref float z0 = ref Unsafe.Add(ref Upstream, Offsets);
        ref float z1 = ref Unsafe.Add(ref Upstream, Unsafe.Add(ref Offsets, TTaps.Value > 1 ? 1 : 0));
        ref float z2 = ref Unsafe.Add(ref Upstream, Unsafe.Add(ref Offsets, TTaps.Value > 2 ? 2 : 0));
        ref float z3 = ref Unsafe.Add(ref Upstream, Unsafe.Add(ref Offsets, TTaps.Value > 3 ? 3 : 0));
        ref float z4 = ref Unsafe.Add(ref Upstream, Unsafe.Add(ref Offsets, TTaps.Value > 4 ? 4 : 0));
        ref float z5 = ref Unsafe.Add(ref Upstream, Unsafe.Add(ref Offsets, TTaps.Value > 5 ? 5 : 0));

        // All in registers, which fields are not.
        ref float values = ref Values;
        ref float scale = ref Scale;
        ref float inner = ref Inner;
        ref float mask = ref Mask;
        ref float gradInner = ref GradInner;
        ref float gradient = ref GradValues;
        nint lanes = Lanes;
        for (nint lane = 0; lane < lanes; lane += V.Count)
        {
            V h = V.Load(ref values, lane);
            V z = V.Load(ref z0, lane);
            V g = TFirst.Value != 0 ? w0 * z : V.MultiplyAdd(w0, z, V.Load(ref gradient, lane));
            V.Accumulate(ref s0, h, z);
            if (TTaps.Value > 1) Tap(w1, h, V.Load(ref z1, lane), ref g, ref s1);
            if (TTaps.Value > 2) Tap(w2, h, V.Load(ref z2, lane), ref g, ref s2);
            if (TTaps.Value > 3) Tap(w3, h, V.Load(ref z3, lane), ref g, ref s3);
            if (TTaps.Value > 4) Tap(w4, h, V.Load(ref z4, lane), ref g, ref s4);
            if (TTaps.Value > 5) Tap(w5, h, V.Load(ref z5, lane), ref g, ref s5);
            if (TLast.Value != 0)
            {
                V r = V.Load(ref scale, lane);
                V p = TOp.Derivative(h);
                V e = V.Load(ref inner, lane);
                V share = r * p;
                V.Accumulate(ref third, share, e);
                V.Store(share, ref gradInner, lane);
                g = V.MultiplyAdd(TOp.TimesCurvature(r, h, p), e, V.And(g, V.Load(ref mask, lane))) * p;
                bias += g;
            }

            V.Store(g, ref gradient, lane);
        }

        LaneSums.AddFour(s0, s1, s2, s3, ref sums);
        LaneSums.AddFour(s4, s5, third, bias, ref Unsafe.Add(ref sums, 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tap<V>(V weight, V h, V z, ref V g, ref V sum)
        where V : struct, IVec<V>
    {
        V.Accumulate(ref g, weight, z);
        V.Accumulate(ref sum, h, z);
    }
}
