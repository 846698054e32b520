using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>What iterative inverses leave for the report: <see cref="Tile.Inversion"/>, the worst of all layers of the stack.</summary>
internal static class InversionRecord
{
    /// <summary>
    /// Rows of the record: the residual max |f(x) - z| relative to max(1, max |z|), the bound max |f(x) - z| / t of a coordinate given those before it,
    /// the evaluations of whole layers, and by what means: 0, <see cref="Bracketed"/> or <see cref="Rounded"/>.
    /// </summary>
    public const int Rows = 4;

    /// <summary>Coordinates were solved one after the other.</summary>
    public const int Bracketed = 1;

    /// <summary>They were solved in double precision, and rounded.</summary>
    public const int Rounded = 2;

    /// <summary>What is asked for where nobody asks for anything else.</summary>
    public const float UsualTolerance = 4e-6f;

    /// <summary>The steps on the whole image where nobody asks for another number.</summary>
    public const int UsualLimit = 12;

    /// <summary>The residual at which iterations stop.</summary>
    public static float Tolerance(ref Tile t) => t.InverseTolerance > 0 ? t.InverseTolerance : UsualTolerance;

    /// <summary>The steps on the whole image before its coordinates are solved one after the other.</summary>
    public static int Limit(ref Tile t) => t.InverseLimit > 0 ? t.InverseLimit : UsualLimit;

    /// <summary>The length of the first step.</summary>
    public static float Step(ref Tile t) => t.InverseStep > 0 ? t.InverseStep : 1;

    /// <summary>Adds one layer on a tile that is one image.</summary>
    public static void AddImage(ref Tile t, float residual, float bound, int evaluations, int means)
    {
        if (Unsafe.IsNullRef(ref t.Inversion))
        {
            return;
        }

        t.Inversion = Math.Max(t.Inversion, residual);
        Unsafe.Add(ref t.Inversion, 1) = Math.Max(Unsafe.Add(ref t.Inversion, 1), bound);
        Unsafe.Add(ref t.Inversion, 2) += evaluations;
        Unsafe.Add(ref t.Inversion, 3) = Math.Max(Unsafe.Add(ref t.Inversion, 3), means);
    }

    /// <summary>Adds one layer on one sample of a tile.</summary>
    public static void AddSample(ref Tile t, int samples, int sample, float residual, float bound, int evaluations, int means)
    {
        if (Unsafe.IsNullRef(ref t.Inversion))
        {
            return;
        }

        ref float record = ref Unsafe.Add(ref t.Inversion, sample);
        record = Math.Max(record, residual);
        Unsafe.Add(ref record, samples) = Math.Max(Unsafe.Add(ref record, samples), bound);
        Unsafe.Add(ref record, 2 * samples) += evaluations;
        Unsafe.Add(ref record, 3 * samples) = Math.Max(Unsafe.Add(ref record, 3 * samples), means);
    }

    /// <summary>Adds one layer on a tile whose lanes are samples: its own record, laid out as that of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<V>(ref Tile t, ref float record)
        where V : struct, IVec<V>
    {
        if (Unsafe.IsNullRef(ref t.Inversion))
        {
            return;
        }

        nint lanes = t.Lanes;
        for (int row = 0; row < Rows; row++)
        {
            for (nint lane = row * lanes; lane < (row + 1) * lanes; lane += V.Count)
            {
                V sum = V.Load(ref t.Inversion, lane);
                V layer = V.Load(ref record, lane);
                V.Store(row == 2 ? sum + layer : V.Max(sum, layer), ref t.Inversion, lane);
            }
        }
    }

    /// <summary>Fills the residual and the bound of a layer's record.</summary>
    /// <param name="count">The number of coordinates.</param>
    /// <param name="lanes">The samples.</param>
    /// <param name="target">z <c>[count, lanes]</c>.</param>
    /// <param name="value">f(x) <c>[count, lanes]</c>.</param>
    /// <param name="slope">t <c>[count]</c>.</param>
    /// <param name="record">The record <c>[4, lanes]</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Measure<V>(int count, nint lanes, ref float target, ref float value, ref float slope, ref float record)
        where V : struct, IVec<V>
    {
        for (nint lane = 0; lane < lanes; lane += V.Count)
        {
            V scale = V.Create(1f);
            V residual = V.Zero;
            V bound = V.Zero;
            for (int row = 0; row < count; row++)
            {
                V z = V.Load(ref target, (row * lanes) + lane);
                V off = V.Abs(V.Load(ref value, (row * lanes) + lane) - z);
                scale = V.Max(scale, V.Abs(z));
                residual = V.Max(residual, off);
                bound = V.Max(bound, off / V.Create(Unsafe.Add(ref slope, row)));
            }

            V.Store(residual / scale, ref record, lane);
            V.Store(bound, ref record, lanes + lane);
        }
    }
}
