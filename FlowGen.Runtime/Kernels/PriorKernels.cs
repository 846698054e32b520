using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>The density of the latent: log p(z) on top of the log-det, and its gradient.</summary>
internal static class PriorKernels
{
    private const double HalfLogTwoPi = 0.918938533204672742;

    /// <summary>Adds log p of the state to the log-det; the state is left as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddLogProb(ref Tile t, int size, Prior prior)
    {
        if (prior == Prior.StandardLogistic)
        {
            CoordinateKernel.Apply(ref t, size, default(LogisticDensity));
        }
        else
        {
            CoordinateKernel.Apply(ref t, size, default(NormalDensity));
            LogDetSum.AddConstant(ref t, -size * HalfLogTwoPi);
        }
    }

    /// <summary>GradState = -weight dlog p/dz, with a weight for each lane: the gradient of a weighted negative log-likelihood.</summary>
    /// <param name="t">The tile: its state holds z.</param>
    /// <param name="size">The number of coordinates.</param>
    /// <param name="prior">The density.</param>
    /// <param name="laneWeights">The weights of the lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(ref Tile t, int size, Prior prior, ref float laneWeights)
    {
        scoped Tile weighted = t;
        weighted.GradLogDet = ref laneWeights;
        if (prior == Prior.StandardLogistic)
        {
            var kernel = new Gradients<LogisticDensity>(size);
            KernelWidth.OverLanes(ref weighted, ref kernel);
        }
        else
        {
            var kernel = new Gradients<NormalDensity>(size);
            KernelWidth.OverLanes(ref weighted, ref kernel);
        }
    }

    private interface IDensity
    {
        /// <summary>-dlog p/dz.</summary>
        static abstract V NegativeSlope<V>(V z)
            where V : struct, IVec<V>;
    }

    private readonly struct NormalDensity : ICoordinateMap, IDensity
    {
        public static bool Changes => false;

        public static bool Measures => true;

        // Without the constant, which is added once.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = V.Create(-0.5f) * x * x;
            return x;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V NegativeSlope<V>(V z)
            where V : struct, IVec<V> => z;
    }

    private readonly struct LogisticDensity : ICoordinateMap, IDensity
    {
        public static bool Changes => false;

        public static bool Measures => true;

        // The derivative of the sigmoid is the density.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V, TPlace>(V x, ref float weights, nint row, out V logDet)
            where V : struct, IVec<V>
            where TPlace : struct, IWeightPlace
        {
            logDet = VectorMath.SigmoidLogDerivative(x);
            return x;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V NegativeSlope<V>(V z)
            where V : struct, IVec<V> => VectorMath.Tanh(V.Create(0.5f) * z);
    }

    // The weights are in the place of dL/dlog-det, which is their negative in a likelihood's gradient.
    private readonly struct Gradients<TDensity>(int size) : IWideKernel
        where TDensity : struct, IDensity
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Run<V>(ref Tile t)
            where V : struct, IVec<V>
        {
            nint rows = size;
            nint lanes = t.Lanes;
            ref float weights = ref t.GradLogDet;
            ref float z = ref t.State;
            ref float g = ref t.GradState;
            for (nint row = 0; row < rows; row++)
            {
                for (nint lane = 0; lane < lanes; lane += V.Count)
                {
                    V.Store(V.Load(ref weights, lane) * TDensity.NegativeSlope(V.Load(ref z, lane)), ref g, lane);
                }

                z = ref Unsafe.Add(ref z, lanes);
                g = ref Unsafe.Add(ref g, lanes);
            }
        }
    }
}
