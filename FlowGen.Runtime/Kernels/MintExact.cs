using System.Runtime.CompilerServices;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>
/// The coordinates of one sample one after the other in the order of the triangle, in double precision, each rounded to the nearest number of single
/// precision before the next: there is no better answer, whatever the weights amplify.
/// </summary>
/// <param name="shape">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
internal readonly struct MintExact<TOp>(MintShape shape, int weights)
    where TOp : struct, ISmoothActivation
{
    /// <summary>Solves one lane from where its state is: its residual, the bound on a coordinate, and the work in evaluations of the layer.</summary>
    public (float Residual, float Bound, float Evaluations) Solve(ref Tile t, nint lane)
    {
        int paths = shape.Paths;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float state = ref Unsafe.Add(ref t.State, lane);
        ref float target = ref Unsafe.Add(ref t.Work, (shape.Z * (nint)t.Lanes) + lane);
        using var scratch = new MintScratch(shape.Units, paths);
        var root = scratch.Root;
        double scale = 1;
        double residual = 0;
        double bound = 0;
        long steps = 0;
        for (int n = 0; n < shape.Count; n++)
        {
            int group = shape.Triangle == Triangle.Lower ? n : shape.Count - 1 - n;
            root.Slope = Unsafe.Add(ref prepared, group);
            root.Target = Unsafe.Add(ref target, group * (nint)t.Lanes);
            root.Rest = Unsafe.Add(ref prepared, shape.PreparedBias3 + group);
            for (int i = 0; i < paths; i++)
            {
                int unit = (group * paths) + i;
                root.First[i] = Unsafe.Add(ref prepared, shape.Centre1 + unit);
                root.Third[i] = Unsafe.Add(ref prepared, shape.Centre3 + unit);
                root.Before1[i] = Unsafe.Add(ref prepared, shape.PreparedBias1 + unit);
                root.Before2[i] = Unsafe.Add(ref prepared, shape.PreparedBias2 + unit);
                for (int j = 0; j < paths; j++)
                {
                    root.Second[(j * paths) + i] = Unsafe.Add(ref prepared, shape.Centre2 + (unit * paths) + j);
                }
            }

            for (int k = 0; k < n; k++)
            {
                Add(ref root, ref prepared, group, shape.Triangle == Triangle.Lower ? k : shape.Count - 1 - k, ref state, t.Lanes, scratch);
            }

            ref float x = ref Unsafe.Add(ref state, group * (nint)t.Lanes);
            x = root.Solve<TOp>(x, scratch.A.Slice(group * paths, paths), scratch.C.Slice(group * paths, paths), out double excess, out int taken);
            steps += taken;
            scale = Math.Max(scale, Math.Abs(root.Target));
            residual = Math.Max(residual, Math.Abs(excess));
            bound = Math.Max(bound, Math.Abs(excess) / root.Slope);
        }

        return ((float)(residual / scale), (float)bound, 1 + (2f * steps / ((shape.Count + 1) * shape.Count)));
    }

    /// <summary>What one coordinate contributes to another.</summary>
    private void Add(ref MintRoot root, ref float prepared, int group, int from, ref float state, nint lanes, MintScratch scratch)
    {
        int paths = shape.Paths;
        double x = Unsafe.Add(ref state, from * lanes);
        var a = scratch.A.Slice(from * paths, paths);
        var c = scratch.C.Slice(from * paths, paths);
        for (int i = 0; i < paths; i++)
        {
            root.Before1[i] += Unsafe.Add(ref prepared, shape.Matrix1 + shape.First.Packed(group, i, from, 0)) * x;
            root.Rest += Unsafe.Add(ref prepared, shape.Matrix3 + shape.Third.Packed(group, 0, from, i)) * c[i];
            for (int j = 0; j < paths; j++)
            {
                root.Before2[i] += Unsafe.Add(ref prepared, shape.Matrix2 + shape.Second.Packed(group, i, from, j)) * a[j];
            }
        }
    }
}
