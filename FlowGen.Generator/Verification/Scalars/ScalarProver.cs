using System.Collections.Concurrent;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// Decides whether a scalar function is a diffeomorphism of the real line. Sound over the real numbers: what it concludes is true;
/// it may be unable to conclude. Pure, and remembered by value.
/// </summary>
internal static class ScalarProver
{
    private const int MostRemembered = 256;

    // Keyed by value, never by anything of the compiler.
    private static readonly ConcurrentDictionary<ScalarTree, ScalarProof> Remembered = new();

    /// <summary>The verdict on a function.</summary>
    public static ScalarProof Prove(ScalarTree tree)
    {
        if (Remembered.TryGetValue(tree, out var known))
        {
            return known;
        }

        var proof = Conclude(tree);
        if (Remembered.Count >= MostRemembered)
        {
            Remembered.Clear();
        }

        return Remembered.GetOrAdd(tree, proof);
    }

    /// <summary>The verdict, worked out anew.</summary>
    internal static ScalarProof Conclude(ScalarTree tree)
    {
        if (PiecewiseReader.Read(tree, out string problem) is not { } form)
        {
            return new(ScalarVerdict.NotUnderstood) { Detail = problem };
        }

        var slopes = form.Pieces.Select(static piece => Derivatives.Of(piece.Value)).ToList();
        var proof = form.Pieces.Select(CheckDomain).FirstOrDefault(static fault => fault is not null)
            ?? CheckJoints(form)
            ?? Judge(form, slopes);
        bool isOpen = proof is { Verdict: ScalarVerdict.NotProvable or ScalarVerdict.MayReachZero, Form.Pieces.Count: > 0 };
        return isOpen ? Composition.Prove(tree, form) ?? proof : proof;
    }

    private static ScalarProof? CheckDomain(Piece piece)
    {
        foreach (var condition in piece.Conditions)
        {
            var result = SignSearch.Run(condition.Quantity, piece, condition.AnySign ? 0 : 1);
            switch (result.Outcome)
            {
                case SignOutcome.Proven:
                    continue;
                case SignOutcome.Opposite when condition.Rule == DomainRule.CubeRoot:
                    return new(ScalarVerdict.NotProvable)
                    {
                        First = Math.Min(result.First, result.Second),
                        Second = Math.Max(result.First, result.Second),
                        Detail = "the argument of a cube root changes sign there, and where it is zero the root's slope is infinite",
                    };
                case SignOutcome.Opposite:
                    // Continuous with both signs, so it is also zero somewhere between.
                    return new(ScalarVerdict.Undefined)
                    {
                        First = condition.AnySign ? Math.Min(result.First, result.Second) : result.Second,
                        Second = condition.AnySign ? Math.Max(result.First, result.Second) : result.Second,
                        Detail = condition.AnySign ? $"{condition.Operation} changes sign" : $"{condition.Operation} is negative",
                    };
                case SignOutcome.Zero when !condition.HasValueAtZero && condition.Rule != DomainRule.Unit && IsInside(piece, result.First):
                    return new(ScalarVerdict.Undefined) { First = result.First, Second = result.First, Detail = $"{condition.Operation} is zero" };
                default:
                    return new(ScalarVerdict.NotProvable)
                    {
                        First = result.First,
                        Second = result.Second,
                        Detail = result.Outcome == SignOutcome.Zero ? $"{condition.Operation} is zero there" : $"{condition.Operation} may be zero there",
                    };
            }
        }

        return null;
    }

    private static bool IsInside(Piece piece, double x) => (piece.From is not { } from || Rational.Of(x) > from) && (piece.To is not { } to || Rational.Of(x) < to);

    private static ScalarProof? CheckJoints(PiecewiseForm form)
    {
        for (int i = 0; i < form.Joints.Count; i++)
        {
            var (at, value, conditions) = form.Joints[i];
            if (conditions.Select(condition => CheckPoint(condition, at)).FirstOrDefault(static fault => fault is not null) is { } undefined)
            {
                return undefined;
            }

            foreach (var side in (Piece[])[form.Pieces[i], form.Pieces[i + 1]])
            {
                var gap = Gap(side.Value, value, at);
                double x = at.ToDouble();
                if (gap is { Low: 0, High: 0 })
                {
                    continue;
                }

                return gap.ExcludesZero && !double.IsInfinity(gap.Low) && !double.IsInfinity(gap.High)
                    ? new(ScalarVerdict.NotContinuous) { First = x, Second = x, Detail = $"the values there differ by {Literals.Of(Math.Abs((gap.Low + gap.High) / 2), "G3")}" }
                    : new(ScalarVerdict.NotProvable) { First = x, Second = x, Detail = "the values on both sides are too close to tell apart" };
            }
        }

        return null;
    }

    // What holds on both sides of a point need not hold there.
    private static ScalarProof? CheckPoint(DomainCondition condition, Rational at)
    {
        var quantity = Gap(condition.Quantity, Algebra.Zero, at);
        bool isZero = quantity is { Low: 0, High: 0 };
        if (quantity.IsPositive || (quantity.IsNegative && condition.AnySign) || (isZero && condition.HasValueAtZero))
        {
            return null;
        }

        double x = at.ToDouble();
        bool isCertain = condition.Rule != DomainRule.Unit && (isZero || quantity.IsNegative);
        string what = quantity.IsNegative ? "negative" : "zero";
        return new(isCertain ? ScalarVerdict.Undefined : ScalarVerdict.NotProvable)
        {
            First = x,
            Second = x,
            Detail = isCertain ? $"{condition.Operation} is {what}" : $"{condition.Operation} may be zero there",
        };
    }

    // The difference of two expressions at a point: exactly 0 where it is known to be.
    internal static Interval Gap(Expression left, Expression right, Rational at)
    {
        var difference = Algebra.Subtract(Algebra.Substitute(left, Algebra.Number(at)), Algebra.Substitute(right, Algebra.Number(at)));
        return difference is Constant { Value.IsZero: true } ? Interval.Of(0) : new Tape(difference, isPositive: false).At(0);
    }

    private static ScalarProof Judge(PiecewiseForm form, List<Expression> slopes)
    {
        var results = form.Pieces.Select((piece, i) => SignSearch.Run(slopes[i], piece, 0)).ToList();
        var (rising, falling) = (Witness(form, results, 1), Witness(form, results, -1));
        if (rising is { } above && falling is { } below)
        {
            var (low, high) = Falling(form, slopes, below);
            return new(ScalarVerdict.SignChange) { First = above, Second = low, Third = high, Form = form };
        }

        if (results.Find(static result => result.Outcome != SignOutcome.Proven) is { } fault)
        {
            // What is certain is said first.
            fault = results.Find(static result => result.Outcome == SignOutcome.Zero) ?? fault;
            return new(fault.Outcome switch { SignOutcome.Zero => ScalarVerdict.ReachesZero, SignOutcome.MayVanish => ScalarVerdict.MayReachZero, _ => ScalarVerdict.NotProvable })
            {
                First = fault.First,
                Second = fault.Second,
                Detail = "the sign of the derivative was not decided there",
                Form = form,
            };
        }

        int sign = results[0].Sign;
        var bounds = results.Select(static result => result.Bounds).Aggregate(static (a, b) => a.Hull(b));
        int smoothness = Smoothness(form, slopes, out var kink, out string detail, out bool known);
        if (!known)
        {
            return new(ScalarVerdict.NotProvable) { First = kink, Second = kink, Detail = detail, Form = form };
        }

        if (End(form.Pieces[0], slopes[0], sign, toPlus: false) is not { } left)
        {
            return new(ScalarVerdict.NotProvable) { First = double.NegativeInfinity, Second = -Near(form.Pieces[0].To), Detail = "whether its values go to infinity there was not decided", Form = form };
        }

        if (End(form.Pieces[form.Pieces.Count - 1], slopes[slopes.Count - 1], sign, toPlus: true) is not { } right)
        {
            return new(ScalarVerdict.NotProvable) { First = Near(form.Pieces[form.Pieces.Count - 1].From), Second = double.PositiveInfinity, Detail = "whether its values go to infinity there was not decided", Form = form };
        }

        var range = new ValueRange(Math.Min(left, right), Math.Max(left, right));
        var verdict = smoothness == 0 ? ScalarVerdict.NotDifferentiable
            : range != ValueRange.Line ? ScalarVerdict.RangeNotLine
            : sign > 0 ? ScalarVerdict.Increasing : ScalarVerdict.Decreasing;
        return new(verdict) { Sign = sign, Slope = bounds, Range = range, Smoothness = smoothness, First = kink, Second = kink, Detail = detail, Form = form };
    }

    private static double Near(Rational? end) => Math.Max(16, Math.Abs(end?.ToDouble() ?? 0));

    // A point where the derivative has a sign, if one is known.
    private static double? Witness(PiecewiseForm form, List<SignResult> results, int sign)
    {
        foreach (var result in results)
        {
            if (result.Outcome == SignOutcome.Opposite && (result.Sign == sign ? result.First : result.Second) is var point && !double.IsNaN(point))
            {
                return point;
            }
        }

        int piece = results.FindIndex(result => result.Outcome == SignOutcome.Proven && result.Sign == sign);

        // At a joint the two sides differ; inside the piece there is no doubt.
        return piece < 0 ? null : IsInside(form.Pieces[piece], results[piece].First) ? results[piece].First : form.Pieces[piece].Inside.ToDouble();
    }

    // An interval around a point where the derivative is negative, on all of which it is: the widest of those that are halved until that is shown.
    private static (double Low, double High) Falling(PiecewiseForm form, List<Expression> slopes, double x)
    {
        for (int i = 0; i < slopes.Count; i++)
        {
            double from = form.Pieces[i].From?.Enclose().High ?? double.NegativeInfinity;
            double to = form.Pieces[i].To?.Enclose().Low ?? double.PositiveInfinity;
            var slope = new Tape(slopes[i], isPositive: false);
            for (double reach = Math.Max(1, Math.Abs(x)); x >= from && x <= to && x + reach > x; reach /= 2)
            {
                // The ends of a piece are kept out: there the other side has a say.
                double low = x - Math.Min(reach, (x - from) / 2);
                double high = x + Math.Min(reach, (to - x) / 2);
                if (slope.Over(new Interval(low, high), out _, out _).High < 0)
                {
                    return (low, high);
                }
            }
        }

        return (x, x);
    }

    private static int Smoothness(PiecewiseForm form, List<Expression> slopes, out double kink, out string detail, out bool known)
    {
        kink = 0;
        detail = "";
        known = true;
        int smoothness = 2;
        for (int i = 0; i < form.Joints.Count; i++)
        {
            var at = form.Joints[i].At;
            var gap = Gap(slopes[i], slopes[i + 1], at);
            if (gap is { Low: 0, High: 0 })
            {
                if (Gap(Derivatives.Of(slopes[i]), Derivatives.Of(slopes[i + 1]), at) is not { Low: 0, High: 0 })
                {
                    smoothness = Math.Min(smoothness, 1);
                }

                continue;
            }

            kink = at.ToDouble();
            if (!gap.ExcludesZero)
            {
                known = false;
                detail = "the slopes on both sides are too close to tell apart";
                return 0;
            }

            if (smoothness > 0)
            {
                detail = $"the slope is {Literals.Of(Value(slopes[i], at), "G6")} on the left and {Literals.Of(Value(slopes[i + 1], at), "G6")} on the right";
            }

            return 0;
        }

        return smoothness;
    }

    /// <summary>The value at a point, as exactly as double precision tells.</summary>
    internal static double Value(Expression expression, Rational at) => Middle(new Tape(Algebra.Substitute(expression, Algebra.Number(at)), isPositive: false).At(0));

    private static double Middle(Interval value) => value.Low + ((value.High - value.Low) / 2);

    // What the values tend to at one end of the line; null if that was not decided.
    private static double? End(Piece piece, Expression slope, int sign, bool toPlus)
    {
        double infinite = (sign > 0) == toPlus ? double.PositiveInfinity : double.NegativeInfinity;
        double near = Near(toPlus ? piece.From : piece.To);

        // A slope that keeps away from zero leads to infinity.
        foreach (double distance in (double[])[near, near * 256, near * 1e6])
        {
            if (SignSearch.Beyond(slope, toPlus, distance).Magnitude().Low > 0)
            {
                return infinite;
            }
        }

        var limit = SignSearch.Limit(piece.Value, toPlus);
        if (limit.IsPoint && double.IsInfinity(limit.Low))
        {
            return infinite;
        }

        bool upper = infinite > 0;
        if (!double.IsInfinity(limit.Low) && !double.IsInfinity(limit.High))
        {
            return Outer(limit, upper);
        }

        // So does one that keeps away from c / x, whose integral is a logarithm.
        if (SignSearch.Beyond(Algebra.Multiply(Algebra.X, slope), toPlus, near * 256).Magnitude().Low > 0)
        {
            return infinite;
        }

        var values = SignSearch.Beyond(piece.Value, toPlus, 1e9);
        return !double.IsInfinity(values.Low) && !double.IsInfinity(values.High) ? Outer(values, upper) : null;
    }

    // What is known to a few units in the last place is told as it is; of anything wider, what no value can pass.
    private static double Outer(Interval limit, bool upper) =>
        limit.High - limit.Low <= 1e-12 * Math.Max(1, Math.Abs(limit.Low)) ? Middle(limit) : upper ? limit.High : limit.Low;
}
