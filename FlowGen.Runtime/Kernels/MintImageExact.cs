using System.Runtime.CompilerServices;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>
/// The coordinates of an image one after the other in the order of the triangle, in double precision, each rounded to the nearest number of single
/// precision before the next: there is no better answer, whatever the weights amplify.
/// </summary>
/// <param name="planes">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
internal readonly struct MintImageExact<TOp>(MintPlanes planes, int weights)
    where TOp : struct, ISmoothActivation
{
    /// <summary>Solves for the planes of x, from where they are: the largest |f(x) - z|, the largest |f(x) - z| / t, and the work in evaluations of the layer.</summary>
    public (float Residual, float Bound, int Evaluations) Run(ref Tile t)
    {
        var sequence = planes.Sequence;
        var shape = planes.Shape;
        int paths = planes.Paths;
        int width = sequence.Width;
        int pixels = shape.Height * shape.Width;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights + planes.SequenceWeights);
        ref float bias3 = ref Unsafe.Add(ref t.Weights, weights + planes.Convolution3);
        using var scratch = new MintScratch(planes.Units * pixels, paths);
        var root = scratch.Root;
        double residual = 0;
        double bound = 0;
        long steps = 0;
        foreach (int coordinate in sequence.Order)
        {
            (int channel, int pixel) = Math.DivRem(coordinate, pixels);
            (int row, int column) = Math.DivRem(pixel, shape.Width);
            int position = (row * shape.Stride) + column;
            nint place = shape.Lead + (channel * (nint)shape.Size) + position;
            ref float mine = ref Unsafe.Add(ref prepared, channel * sequence.ChannelFloats);
            root.Slope = Unsafe.Add(ref t.Weights, weights + (channel * shape.Lanes) + position);
            root.Target = Unsafe.Add(ref t.Work, planes.Z + place);
            root.Rest = Unsafe.Add(ref bias3, channel);
            Widen(ref mine, root.Before1);
            Widen(ref Unsafe.Add(ref mine, width), root.Before2);
            Widen(ref Unsafe.Add(ref mine, 2 * width), root.First);
            Widen(ref Unsafe.Add(ref mine, 3 * width), root.Third);
            for (int j = 0; j < paths; j++)
            {
                Widen(ref Unsafe.Add(ref mine, (4 + j) * width), root.Second.Slice(j * paths, paths));
            }

            for (int n = sequence.Starts[channel]; n < sequence.Starts[channel + 1]; n++)
            {
                Tap tap = sequence.Taps[n];
                int fromRow = row + tap.Row;
                int fromColumn = column + tap.Column;
                if (fromRow >= 0 && fromRow < shape.Height && fromColumn >= 0 && fromColumn < shape.Width)
                {
                    int from = (tap.Plane * pixels) + (fromRow * shape.Width) + fromColumn;
                    double x = Unsafe.Add(ref t.Work, planes.X + shape.Lead + (tap.Plane * shape.Size) + (fromRow * shape.Stride) + fromColumn);
                    Add(ref root, ref Unsafe.Add(ref prepared, (planes.Channels * sequence.ChannelFloats) + (n * (nint)sequence.TapFloats)), x, from, scratch);
                }
            }

            ref float here = ref Unsafe.Add(ref t.Work, planes.X + place);
            here = root.Solve<TOp>(
                here, scratch.A.Slice(coordinate * paths, paths), scratch.C.Slice(coordinate * paths, paths), out double excess, out int taken);
            steps += taken;
            residual = Math.Max(residual, Math.Abs(excess));
            bound = Math.Max(bound, Math.Abs(excess) / root.Slope);
        }

        return ((float)residual, (float)bound, sequence.Evaluations(steps));
    }

    /// <summary>What one tap contributes.</summary>
    private void Add(ref MintRoot root, ref float tap, double x, int from, MintScratch scratch)
    {
        int paths = planes.Paths;
        int width = planes.Sequence.Width;
        var a = scratch.A.Slice(from * paths, paths);
        var c = scratch.C.Slice(from * paths, paths);
        ref float third = ref Unsafe.Add(ref tap, (1 + paths) * width);
        for (int i = 0; i < paths; i++)
        {
            root.Before1[i] += Unsafe.Add(ref tap, i) * x;
            root.Rest += Unsafe.Add(ref third, i) * c[i];
        }

        for (int j = 0; j < paths; j++)
        {
            ref float second = ref Unsafe.Add(ref tap, (1 + j) * width);
            for (int i = 0; i < paths; i++)
            {
                root.Before2[i] += Unsafe.Add(ref second, i) * a[j];
            }
        }
    }

    private static void Widen(ref float from, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = Unsafe.Add(ref from, i);
        }
    }
}
