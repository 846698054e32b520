using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Applies a function of one coordinate to the whole state.</summary>
internal static class CoordinateKernel
{
    /// <summary>Applies the map to coordinates 0 .. <paramref name="size"/> - 1 in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TMap>(ref Tile t, int size, TMap map, int weights = 0)
        where TMap : struct, ICoordinateMap
    {
        if (t.Lanes == 1)
        {
            var kernel = new Single<TMap>(size, map, weights);
            KernelWidth.OverCoordinates(ref t, ref kernel);
        }
        else
        {
            var kernel = new Samples<TMap>(size, map, weights);
            KernelWidth.OverLanes(ref t, ref kernel);
        }
    }

    /// <summary>Turns dL/dz into dL/dx in place; the state holds x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TGradient>(ref Tile t, int size, TGradient gradient, int weights = 0)
        where TGradient : struct, ICoordinateGradient
    {
        var kernel = new Gradients<TGradient>(size, gradient, weights);
        KernelWidth.OverLanes(ref t, ref kernel);
    }

    private readonly struct Samples<TMap>(int size, TMap map, int weights) : IWideKernel
        where TMap : struct, ICoordinateMap
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            TMap function = map;
            nint rows = size;
            nint lanes = t.Lanes;
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
            if (!TMap.Measures)
            {
                ref float x = ref t.State;
                for (nint row = 0; row < rows; row++)
                {
                    for (nint lane = 0; lane < lanes; lane += V.Count)
                    {
                        V.Store(function.Apply<V, SharedWeight>(V.Load(ref x, lane), ref prepared, row, out _), ref x, lane);
                    }

                    x = ref Unsafe.Add(ref x, lanes);
                }

                return;
            }

            if (!Unsafe.IsNullRef(ref t.LogDetRows))
            {
                Separately<V>(ref t);
                return;
            }

            ref float sums = ref t.LogDet;
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V high = V.Load(ref sums, lane);
                V low = V.Load(ref sums, lanes + lane);
                ref float x = ref Unsafe.Add(ref t.State, lane);
                for (nint row = 0; row < rows; row++)
                {
                    V value = function.Apply<V, SharedWeight>(V.Load(ref x), ref prepared, row, out V logDet);
                    if (TMap.Changes)
                    {
                        V.Store(value, ref x);
                    }

                    LogDetSum.Add(logDet, ref high, ref low);
                    x = ref Unsafe.Add(ref x, lanes);
                }

                V.Store(high, ref sums, lane);
                V.Store(low, ref sums, lanes + lane);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Separately<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            TMap function = map;
            nint lanes = t.Lanes;
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
            for (nint row = 0; row < size; row++)
            {
                ref float x = ref Unsafe.Add(ref t.State, row * lanes);
                ref float sums = ref Unsafe.Add(ref t.LogDetRows, row * lanes);
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V value = function.Apply<V, SharedWeight>(V.Load(ref x, lane), ref prepared, row, out V logDet);
                    V.Store(value, ref x, lane);
                    V.Store(V.Load(ref sums, lane) + logDet, ref sums, lane);
                }
            }
        }
    }

    private readonly struct Single<TMap>(int size, TMap map, int weights) : IWideKernel
        where TMap : struct, ICoordinateMap
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            TMap function = map;
            nint rows = size;
            ref float x = ref t.State;
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
            if (TMap.Measures && !Unsafe.IsNullRef(ref t.LogDetRows))
            {
                Separately<V>(ref t);
                return;
            }

            float high = t.LogDet;
            float low = Unsafe.Add(ref t.LogDet, 1);
            for (nint row = 0; row < rows; row += V.Count)
            {
                V value = function.Apply<V, OwnWeight>(V.Load(ref x, row), ref prepared, row, out V logDet);
                if (TMap.Changes)
                {
                    V.Store(value, ref x, row);
                }

                if (TMap.Measures)
                {
                    LogDetSum.AddInOrder(logDet, Math.Min(V.Count, rows - row), ref high, ref low);
                }
            }

            if (TMap.Measures)
            {
                t.LogDet = high;
                Unsafe.Add(ref t.LogDet, 1) = low;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private void Separately<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            TMap function = map;
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
            for (nint row = 0; row < size; row += V.Count)
            {
                V value = function.Apply<V, OwnWeight>(V.Load(ref t.State, row), ref prepared, row, out V logDet);
                V.Store(value, ref t.State, row);
                V.Store(V.Load(ref t.LogDetRows, row) + logDet, ref t.LogDetRows, row);
            }
        }
    }

    private readonly struct Gradients<TGradient>(int size, TGradient gradient, int weights) : IWideKernel
        where TGradient : struct, ICoordinateGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            TGradient function = gradient;
            nint rows = size;
            nint lanes = t.Lanes;
            ref float prepared = ref Unsafe.Add(ref t.Weights, weights);

            // One for each lane, or within a sum one for each coordinate too.
            bool separate = !Unsafe.IsNullRef(ref t.GradLogDetRows);
            ref float upstreamLogDet = ref separate ? ref t.GradLogDetRows : ref t.GradLogDet;
            nint stride = separate ? lanes : 0;
            ref float x = ref t.State;
            ref float g = ref t.GradState;
            for (nint row = 0; row < rows; row++)
            {
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V value = function.Apply(V.Load(ref x, lane), V.Load(ref g, lane), V.Load(ref upstreamLogDet, lane), ref prepared, row);
                    V.Store(value, ref g, lane);
                }

                x = ref Unsafe.Add(ref x, lanes);
                g = ref Unsafe.Add(ref g, lanes);
                upstreamLogDet = ref Unsafe.Add(ref upstreamLogDet, stride);
            }
        }
    }
}
