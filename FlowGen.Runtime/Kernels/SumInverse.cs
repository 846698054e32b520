using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>The root of z = f(x) for a map f whose Jacobian is triangular with a positive diagonal d, from evaluations of f and d on all coordinates.</summary>
/// <remarks>
/// <para>
/// All coordinates take Newton steps (z - f(x)) / d at once, none further than its own size. The first of them, in the order of the triangle, that is
/// not at its root does more: those before it do not move any more, so it is the root of one increasing function, and its steps stay inside a bracket that each evaluation
/// narrows. Where they would leave it the bracket is halved, and now and then in any case, so that it closes; while it is open to one side, steps to that side double.
/// At its root a coordinate stays, and the next one is the first. That ends for every sample, and where the iteration alone would do it costs nothing.
/// </para>
/// <para>
/// A sample is done when its residual is an eighth of the tolerance, or at the tolerance twice in a row; or when every coordinate is at its root, or at one of the two numbers
/// of single precision on both sides of it. Each decides for itself, so that its answer does not depend on the others in the tile.
/// </para>
/// </remarks>
internal readonly struct SumInverse
{
    // By then a bracket has been halved as often as its numbers have bits.
    private const int MostSteps = 120;

    // From here on every third step is a halving.
    private const int Patience = 8;

    /// <summary>Two units in the last place.</summary>
    private const float Resolution = 2.4e-7f;

    // What is further out without a root on both sides of it has none.
    private const float Farthest = 1e30f;

    private readonly SumBlocks blocks;
    private readonly int rows;
    private readonly int pixels;
    private readonly Triangle triangle;
    private readonly TriangularOrder order;

    /// <param name="t">The tile, z in its state.</param>
    /// <param name="size">Its rows.</param>
    /// <param name="triangle">Which coordinates a coordinate depends on.</param>
    /// <param name="order">The order of an image's coordinates.</param>
    public SumInverse(ref Tile t, int size, Triangle triangle, TriangularOrder order)
    {
        blocks = new SumBlocks(ref t, size);
        rows = size;
        pixels = blocks.IsImage ? t.Pixels : 1;
        this.triangle = triangle;
        this.order = order;
    }

    /// <summary>The samples of the tile.</summary>
    public int Samples => blocks.IsImage ? 1 : (int)blocks.Lanes;

    private int Coordinates => rows * pixels;

    /// <summary>Starts at z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(ref Tile t, scoped Span<SumSample> samples)
    {
        ref float z = ref Unsafe.Add(ref t.Work, blocks.Target);
        RowCopy.Copy(ref t.State, ref z, blocks.Count);
        for (int sample = 0; sample < samples.Length; sample++)
        {
            float scale = 1;
            for (int n = 0; n < Coordinates; n++)
            {
                scale = Math.Max(scale, Math.Abs(Unsafe.Add(ref z, Place(n, sample))));
            }

            samples[sample] = new SumSample { Scale = scale };
            Open(ref samples[sample], scale);
            for (int n = 0; !float.IsFinite(scale) && n < Coordinates; n++)
            {
                Unsafe.Add(ref t.State, Place(n, sample)) = float.NaN;
            }
        }
    }

    /// <summary>Takes f(x) and d as they were evaluated, and moves x; whether a sample is left that is not done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Continue(ref Tile t, scoped Span<SumSample> samples)
    {
        bool goes = false;
        float tolerance = InversionRecord.Tolerance(ref t);
        for (int sample = 0; sample < samples.Length; sample++)
        {
            ref var state = ref samples[sample];
            if (!state.IsDone)
            {
                Measure(ref t, sample, ref state);
                state.Evaluations++;
                state.IsDone = IsAtRoot(ref state, tolerance) || !Advance(ref t, sample, ref state, tolerance);
                goes |= !state.IsDone;
            }
        }

        // x as it was where nothing moved: the state holds f(x).
        RowCopy.Copy(ref Unsafe.Add(ref t.Work, blocks.Input), ref t.State, blocks.Count);
        return goes;
    }

    /// <summary>Reports.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Complete(ref Tile t, scoped Span<SumSample> samples)
    {
        for (int sample = 0; sample < samples.Length; sample++)
        {
            ref var state = ref samples[sample];
            InversionRecord.AddSample(ref t, samples.Length, sample, state.Residual, state.Bound, state.Evaluations, state.Means);
        }
    }

    private static bool IsAtRoot(ref SumSample state, float tolerance)
    {
        bool isClose = state.Residual <= tolerance;
        bool isDone = isClose && (state.IsClose || state.Residual <= tolerance / 8);
        state.IsClose = isClose;
        return isDone;
    }

    /// <summary>The next coordinate is the first.</summary>
    private static void Open(ref SumSample state, float scale)
    {
        state.Low = float.NegativeInfinity;
        state.High = float.PositiveInfinity;
        state.Reach = scale;
        state.Steps = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Measure(ref Tile t, int sample, ref SumSample state)
    {
        ref float z = ref Unsafe.Add(ref t.Work, blocks.Target);
        ref float d = ref Unsafe.Add(ref t.Work, blocks.First);
        float residual = 0;
        float bound = 0;
        for (int n = 0; n < Coordinates; n++)
        {
            nint place = Place(n, sample);
            float off = Math.Abs(Unsafe.Add(ref t.State, place) - Unsafe.Add(ref z, place));
            residual = Math.Max(residual, off);
            bound = Math.Max(bound, off / Unsafe.Add(ref d, place));
        }

        state.Bound = bound;
        state.Residual = residual / state.Scale;
    }

    /// <summary>Moves the coordinates of one sample; whether one moved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Advance(ref Tile t, int sample, ref SumSample state, float tolerance)
    {
        ref float z = ref Unsafe.Add(ref t.Work, blocks.Target);
        ref float d = ref Unsafe.Add(ref t.Work, blocks.First);
        ref float x = ref Unsafe.Add(ref t.Work, blocks.Input);
        float enough = tolerance / 8 * state.Scale;
        while (true)
        {
            if (state.Solved == Coordinates)
            {
                state.Means = Math.Max(state.Means, InversionRecord.Bracketed);
                return false;
            }

            nint place = Place(state.Solved, sample);
            float excess = Unsafe.Add(ref t.State, place) - Unsafe.Add(ref z, place);
            if (float.IsNaN(Unsafe.Add(ref x, place)))
            {
                return false;
            }

            if (!(Math.Abs(excess) <= enough) && Step(ref Unsafe.Add(ref x, place), excess, Unsafe.Add(ref d, place), ref state))
            {
                break;
            }

            state.Solved++;
            Open(ref state, state.Scale);
        }

        float step = InversionRecord.Step(ref t);
        for (int n = state.Solved + 1; n < Coordinates; n++)
        {
            nint place = Place(n, sample);
            float from = Unsafe.Add(ref x, place);
            float most = state.Scale + Math.Abs(from);
            float move = step * (Unsafe.Add(ref t.State, place) - Unsafe.Add(ref z, place)) / Unsafe.Add(ref d, place);
            float to = from - Math.Clamp(move, -most, most);

            // Where it went astray it starts again.
            Unsafe.Add(ref x, place) = Math.Abs(to) <= 1e6f * state.Scale ? to : Unsafe.Add(ref z, place);
        }

        return true;
    }

    /// <summary>A step of the first coordinate; false where there is nothing left to go to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Step(ref float x, float excess, float slope, ref SumSample state)
    {
        bool above = excess > 0 || (float.IsNaN(excess) && x > 0);
        state.High = above ? x : state.High;
        state.Low = above ? state.Low : x;
        float next = x - (excess / slope);
        bool closed = false;
        if (float.IsFinite(state.Low) && float.IsFinite(state.High))
        {
            closed = state.High - state.Low <= Resolution * Math.Max(Math.Abs(state.Low), Math.Abs(state.High));
            if (!(next > state.Low && next < state.High) || (state.Steps > Patience && state.Steps % 3 == 0))
            {
                next = state.Low + (0.5f * (state.High - state.Low));
            }
        }
        else if (!(Math.Abs(next - x) <= state.Reach))
        {
            next = above ? x - state.Reach : x + state.Reach;
            state.Reach *= 2;
            next = Math.Abs(next) > Farthest ? float.NaN : next;
        }

        if (closed || next == x || ++state.Steps > MostSteps)
        {
            state.Means = InversionRecord.Rounded;
            return false;
        }

        x = next;
        return true;
    }

    /// <summary>Where coordinate <paramref name="n"/> in the order of the triangle is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Place(int n, int sample)
    {
        int position = triangle == Triangle.Lower ? n : Coordinates - 1 - n;
        if (!blocks.IsImage)
        {
            return (position * blocks.Lanes) + sample;
        }

        (int major, int minor) = Math.DivRem(position, order == TriangularOrder.ChannelMajor ? pixels : rows);
        return order == TriangularOrder.ChannelMajor ? (major * blocks.Lanes) + minor : (minor * blocks.Lanes) + major;
    }
}
