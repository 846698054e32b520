using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The gradient by the weights of a layer with few inputs or few outputs: one dot product over the lanes for each weight.</summary>
internal static class DenseDots
{
    /// <summary>gradient[o, k] += sum over lanes of upstream[o, lane] * x[k, lane].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add<V>(ref float upstream, nint lanes, int outputs, ref float x, nint stride, int inputs, ref float gradient)
        where V : struct, IVec<V>
    {
        // Four outputs, or two where there are 16 registers, by four inputs or by all of fewer: sums of neighbours in the gradient.
        int height = inputs >= 4 && V.BlockVectors < 4 ? 2 : 4;
        int output = 0;
        for (; output <= outputs - height; output += height)
        {
            Rows<V>(height, ref upstream, lanes, ref x, stride, inputs, ref gradient);
            upstream = ref Unsafe.Add(ref upstream, height * lanes);
            gradient = ref Unsafe.Add(ref gradient, height * (nint)inputs);
        }

        for (; output < outputs; output++)
        {
            Rows<V>(1, ref upstream, lanes, ref x, stride, inputs, ref gradient);
            upstream = ref Unsafe.Add(ref upstream, lanes);
            gradient = ref Unsafe.Add(ref gradient, inputs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<V>(int height, ref float upstream, nint lanes, ref float x, nint stride, int inputs, ref float gradient)
        where V : struct, IVec<V>
    {
        int input = 0;
        for (; input <= inputs - 4; input += 4)
        {
            switch (height)
            {
                case 4:
                    Block<V, Size4, Size4>(ref upstream, lanes, ref x, stride, ref gradient, inputs);
                    break;
                case 2:
                    Block<V, Size2, Size4>(ref upstream, lanes, ref x, stride, ref gradient, inputs);
                    break;
                default:
                    Block<V, Size1, Size4>(ref upstream, lanes, ref x, stride, ref gradient, inputs);
                    break;
            }

            x = ref Unsafe.Add(ref x, 4 * stride);
            gradient = ref Unsafe.Add(ref gradient, 4);
        }

        switch (height == 4 && inputs < 4 ? inputs : 0)
        {
            case 1:
                Block<V, Size4, Size1>(ref upstream, lanes, ref x, stride, ref gradient, inputs);
                return;
            case 2:
                Block<V, Size4, Size2>(ref upstream, lanes, ref x, stride, ref gradient, inputs);
                return;
            case 3:
                Block<V, Size4, Size3>(ref upstream, lanes, ref x, stride, ref gradient, inputs);
                return;
        }

        for (; input < inputs; input++)
        {
            for (nint row = 0; row < height; row++)
            {
                Unsafe.Add(ref gradient, row * inputs) += One<V>(ref Unsafe.Add(ref upstream, row * lanes), ref x, lanes);
            }

            x = ref Unsafe.Add(ref x, stride);
            gradient = ref Unsafe.Add(ref gradient, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float One<V>(ref float upstream, ref float x, nint lanes)
        where V : struct, IVec<V>
    {
        V sum = V.Zero;
        for (nint lane = 0; lane < lanes; lane += V.Count)
        {
            V.Accumulate(ref sum, V.Load(ref upstream, lane), V.Load(ref x, lane));
        }

        return V.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block<V, THeight, TWidth>(ref float upstream, nint lanes, ref float x, nint stride, ref float gradient, nint inputs)
        where V : struct, IVec<V>
        where THeight : struct, IBlockSize
        where TWidth : struct, IBlockSize
    {
        V c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33;
        c00 = c01 = c02 = c03 = c10 = c11 = c12 = c13 = c20 = c21 = c22 = c23 = c30 = c31 = c32 = c33 = V.Zero;
        ref float laterUpstream = ref Unsafe.Add(ref upstream, THeight.Value > 2 ? 2 * lanes : 0);
        ref float laterX = ref Unsafe.Add(ref x, TWidth.Value > 2 ? 2 * stride : 0);
        for (nint lane = 0; lane < lanes; lane += V.Count)
        {
            V x0 = V.Load(ref x, lane);
            V x1 = TWidth.Value > 1 ? V.Load(ref x, stride + lane) : x0;
            V x2 = TWidth.Value > 2 ? V.Load(ref laterX, lane) : x0;
            V x3 = TWidth.Value > 3 ? V.Load(ref laterX, stride + lane) : x0;
            V g = V.Load(ref upstream, lane);
            V.Accumulate(ref c00, g, x0);
            if (TWidth.Value > 1) V.Accumulate(ref c01, g, x1);
            if (TWidth.Value > 2) V.Accumulate(ref c02, g, x2);
            if (TWidth.Value > 3) V.Accumulate(ref c03, g, x3);
            if (THeight.Value > 1)
            {
                g = V.Load(ref upstream, lanes + lane);
                V.Accumulate(ref c10, g, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c11, g, x1);
                if (TWidth.Value > 2) V.Accumulate(ref c12, g, x2);
                if (TWidth.Value > 3) V.Accumulate(ref c13, g, x3);
            }

            if (THeight.Value > 2)
            {
                g = V.Load(ref laterUpstream, lane);
                V.Accumulate(ref c20, g, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c21, g, x1);
                if (TWidth.Value > 2) V.Accumulate(ref c22, g, x2);
                if (TWidth.Value > 3) V.Accumulate(ref c23, g, x3);
                g = V.Load(ref laterUpstream, lanes + lane);
                V.Accumulate(ref c30, g, x0);
                if (TWidth.Value > 1) V.Accumulate(ref c31, g, x1);
                if (TWidth.Value > 2) V.Accumulate(ref c32, g, x2);
                if (TWidth.Value > 3) V.Accumulate(ref c33, g, x3);
            }
        }

        if (TWidth.Value == 4)
        {
            LaneSums.AddFour(c00, c01, c02, c03, ref gradient);
            if (THeight.Value > 1)
            {
                LaneSums.AddFour(c10, c11, c12, c13, ref Unsafe.Add(ref gradient, inputs));
            }

            if (THeight.Value > 2)
            {
                LaneSums.AddFour(c20, c21, c22, c23, ref Unsafe.Add(ref gradient, 2 * inputs));
                LaneSums.AddFour(c30, c31, c32, c33, ref Unsafe.Add(ref gradient, 3 * inputs));
            }
        }
        else if (TWidth.Value == 3)
        {
            LaneSums.AddFour(c00, c01, c02, c10, ref gradient);
            LaneSums.AddFour(c11, c12, c20, c21, ref Unsafe.Add(ref gradient, 4));
            LaneSums.AddFour(c22, c30, c31, c32, ref Unsafe.Add(ref gradient, 8));
        }
        else if (TWidth.Value == 2)
        {
            LaneSums.AddFour(c00, c01, c10, c11, ref gradient);
            LaneSums.AddFour(c20, c21, c30, c31, ref Unsafe.Add(ref gradient, 4));
        }
        else
        {
            LaneSums.AddFour(c00, c10, c20, c30, ref gradient);
        }
    }
}
