using System.Runtime.CompilerServices;
using FlowGen.Numerics;
using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>A Mint layer of a vector, latent to data: coordinate by coordinate, each by Newton steps inside a bracket.</summary>
/// <remarks>
/// Of a coordinate, all that the others contribute is known when its turn comes, so it is the root of one increasing function whose slope is t or more:
/// from any point with excess r the root is at most r / t away. Newton's step is taken where it stays inside what is left of the bracket, halving
/// where it does not, and halving now and then in any case, so that the bracket closes. A lane that has its root waits for the others unchanged. A sample
/// whose residual is then above the tolerance is solved again in double precision (<see cref="MintExact{TOp}"/>).
/// </remarks>
/// <param name="shape">The layer's shape.</param>
/// <param name="weights">Where its prepared weights start.</param>
internal readonly struct MintInverse<TOp>(MintShape shape, int weights) : IWideKernel
    where TOp : struct, ISmoothActivation
{
    // Five steps are usual; by then forty halvings have closed any bracket.
    private const int MostSteps = 120;

    // From here on every third step is a halving.
    private const int Patience = 12;

    /// <summary>Two units in the last place.</summary>
    private const float Resolution = 2.4e-7f;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Run<V>(ref Tile t)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        int paths = shape.Paths;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float a = ref t.Work;
        ref float c = ref Unsafe.Add(ref t.Work, shape.C * lanes);
        ref float y = ref Unsafe.Add(ref t.Work, shape.Y * lanes);
        ref float z = ref Unsafe.Add(ref t.Work, shape.Z * lanes);
        RowCopy.Copy(ref t.State, ref z, shape.Count * lanes);
        Clear<V>(ref t.State, shape.Count * lanes);
        Clear<V>(ref a, 2 * shape.Units * lanes);
        ref float report = ref Unsafe.Add(ref t.Work, shape.Report * lanes);
        Clear<V>(ref report, InversionRecord.Rows * lanes);
        for (int n = 0; n < shape.Count; n++)
        {
            // What is not known yet is zero, the coordinate's own units among it: the products are what the others contribute. Those of the first
            // units go to the rows of E, those of the second to the rows that their values will have.
            int group = shape.Triangle == Triangle.Lower ? n : shape.Count - 1 - n;
            shape.First.MultiplyGroup<V, BiasFinish>(
                group, ref Unsafe.Add(ref prepared, shape.Matrix1), ref Unsafe.Add(ref prepared, shape.PreparedBias1), ref t.State, ref Unsafe.Add(ref t.Work, shape.E * lanes), lanes);
            shape.Third.MultiplyGroup<V, BiasFinish>(
                group, ref Unsafe.Add(ref prepared, shape.Matrix3), ref Unsafe.Add(ref prepared, shape.PreparedBias3), ref c, ref y, lanes);
            shape.Second.MultiplyGroup<V, BiasFinish>(
                group, ref Unsafe.Add(ref prepared, shape.Matrix2), ref Unsafe.Add(ref prepared, shape.PreparedBias2), ref a, ref c, lanes);
            // A step takes the centre taps, a step of all coordinates as much as this share of an evaluation of the layer.
            V share = V.Create(2f / ((shape.Count + 1) * shape.Count));
            for (nint lane = 0; lane < lanes; lane += V.Count)
            {
                V steps = Solve<V>(ref t, group, lane);
                ref float sum = ref Unsafe.Add(ref report, (2 * lanes) + lane);
                V.Store(V.MultiplyAdd(steps, share, V.Load(ref sum)), ref sum);
            }
        }

        var forward = new MintForward<TOp>(shape, weights);
        forward.Evaluate<V>(ref t);
        InversionRecord.Measure<V>(shape.Count, lanes, ref z, ref y, ref prepared, ref report);
        if (SolveExactly(ref t))
        {
            forward.Evaluate<V>(ref t);
        }

        forward.AddLogDet<V>(ref t, inverse: true);
        InversionRecord.Add<V>(ref t, ref report);
    }

    /// <summary>Completes the report, and solves those samples again whose residual is above the tolerance; whether there were any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool SolveExactly(ref Tile t)
    {
        nint lanes = t.Lanes;
        float tolerance = InversionRecord.Tolerance(ref t);
        ref float report = ref Unsafe.Add(ref t.Work, shape.Report * lanes);
        bool any = false;
        for (nint lane = 0; lane < lanes; lane++)
        {
            Unsafe.Add(ref report, (2 * lanes) + lane) += 2;
            Unsafe.Add(ref report, (3 * lanes) + lane) = InversionRecord.Bracketed;
            if (Unsafe.Add(ref report, lane) > tolerance)
            {
                var (residual, bound, evaluations) = new MintExact<TOp>(shape, weights).Solve(ref t, lane);
                Unsafe.Add(ref report, lane) = residual;
                Unsafe.Add(ref report, lanes + lane) = bound;
                Unsafe.Add(ref report, (2 * lanes) + lane) += 1 + evaluations;
                Unsafe.Add(ref report, (3 * lanes) + lane) = InversionRecord.Rounded;
                any = true;
            }
        }

        return any;
    }

    /// <summary>The roots of one coordinate in one vector of samples, and the values of its units there; returns the steps that each took.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Solve<V>(ref Tile t, int group, nint lane)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        V slope = V.Create(Unsafe.Add(ref t.Weights, weights + group));
        V target = V.Load(ref t.Work, ((shape.Z + group) * lanes) + lane);
        V rest = V.Load(ref t.Work, ((shape.Y + group) * lanes) + lane);
        V resolution = V.Create(Resolution);
        V x = target;
        V low = V.Create(float.NegativeInfinity);
        V high = V.Create(float.PositiveInfinity);
        V active = V.CreateBits(-1);
        V steps = V.Create(1f);
        for (int step = 0; step < MostSteps; step++)
        {
            V excess = Value(ref t, group, lane, x, store: false, out V d) - target;
            V far = x - (excess / slope);
            V above = V.GreaterThan(excess, V.Zero);
            high = V.AtMost(high, V.Select(above, x, far));
            low = V.AtLeast(low, V.Select(above, far, x));
            V newton = x - (excess / d);
            V middle = V.MultiplyAdd(high - low, V.Create(0.5f), low);
            V inside = V.And(V.GreaterThan(newton, low), V.LessThan(newton, high));
            V next = step >= Patience && step % 3 == 0 ? middle : V.Select(inside, newton, middle);

            // Where the excess is rounding alone, no step would make it less.
            V noise = (V.Abs(target) + V.Abs(slope * x) + V.Abs(rest)) * resolution;
            active = V.And(active, V.GreaterThan(V.Abs(excess), noise));
            V move = V.Abs(next - x);
            x = V.Select(active, next, x);
            V going = V.And(active, V.Create(1f));
            steps += going;
            active = V.And(active, V.GreaterThan(move, V.Abs(x) * resolution));
            if (V.Sum(V.And(active, V.Create(1f))) == 0)
            {
                break;
            }
        }

        _ = Value(ref t, group, lane, x, store: true, out _);
        V.Store(x, ref t.State, (group * lanes) + lane);
        return steps;
    }

    /// <summary>The layer's value at one coordinate, and its slope, as functions of that coordinate alone.</summary>
    /// <param name="t">The tile.</param>
    /// <param name="group">The coordinate.</param>
    /// <param name="lane">The first sample.</param>
    /// <param name="x">Where.</param>
    /// <param name="store">Whether x is the root: the second units' values then take the place of what the others contribute to them.</param>
    /// <param name="d">The slope.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private V Value<V>(ref Tile t, int group, nint lane, V x, bool store, out V d)
        where V : struct, IVec<V>
    {
        nint lanes = t.Lanes;
        int paths = shape.Paths;
        int unit = group * paths;
        ref float prepared = ref Unsafe.Add(ref t.Weights, weights);
        ref float w1 = ref Unsafe.Add(ref prepared, shape.Centre1 + unit);
        ref float w2 = ref Unsafe.Add(ref prepared, shape.Centre2 + (unit * paths));
        ref float w3 = ref Unsafe.Add(ref prepared, shape.Centre3 + unit);
        ref float a = ref Unsafe.Add(ref t.Work, (unit * lanes) + lane);
        ref float c = ref Unsafe.Add(ref t.Work, ((shape.C + unit) * lanes) + lane);
        ref float e = ref Unsafe.Add(ref t.Work, ((shape.E + unit) * lanes) + lane);
        ref float some = ref Unsafe.Add(ref t.Work, (shape.Some * lanes) + lane);
        for (int j = 0; j < paths; j++)
        {
            V w = V.Create(Unsafe.Add(ref w1, j));
            V h = TOp.Apply(V.MultiplyAdd(w, x, V.Load(ref e, j * lanes)));
            V.Store(h, ref a, j * lanes);
            V.Store(TOp.Derivative(h) * w, ref some, j * lanes);
        }

        V slope = V.Create(Unsafe.Add(ref prepared, group));
        V value = V.Load(ref t.Work, ((shape.Y + group) * lanes) + lane);
        d = slope;
        for (int i = 0; i < paths; i++)
        {
            V v = V.Load(ref c, i * lanes);
            V inner = V.Zero;
            for (int j = 0; j < paths; j++)
            {
                V w = V.Create(Unsafe.Add(ref w2, j));
                V.Accumulate(ref v, w, V.Load(ref a, j * lanes));
                V.Accumulate(ref inner, w, V.Load(ref some, j * lanes));
            }

            w2 = ref Unsafe.Add(ref w2, paths);
            V h = TOp.Apply(v);
            if (store)
            {
                V.Store(h, ref c, i * lanes);
            }

            V outer = V.Create(Unsafe.Add(ref w3, i));
            value = V.MultiplyAdd(outer, h, value);
            d = V.MultiplyAdd(outer * TOp.Derivative(h), inner, d);
        }

        return V.MultiplyAdd(slope, x, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Clear<V>(ref float values, nint count)
        where V : struct, IVec<V>
    {
        for (nint i = 0; i < count; i += V.Count)
        {
            V.Store(V.Zero, ref values, i);
        }
    }
}
