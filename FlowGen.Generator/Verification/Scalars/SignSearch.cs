namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// Whether an expression keeps one sign on a piece of the line: enclosures on intervals that are halved until they decide, out to
/// infinity, where the interval is one of reciprocals.
/// </summary>
internal sealed class SignSearch
{
    /// <summary>The longest interval in which a function is said to vanish perhaps.</summary>
    public const double Shortest = 1e-6;

    private const double Width = 1.0 / (1 << 23);

    private const double FarthestTail = 1.0 / (1L << 40);

    private const int MostEvaluations = 4000;

    private const int MostRefinements = 32;

    private const double Far = 16;

    private static readonly double[] Magnitudes =
    [
        0, 1e-4, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.625, 0.75, 0.875, 1, 1.125, 1.25, 1.5, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.14, 3.5, 4, 4.5, 5, 6, 7, 8, 10, 12, 16,
        24, 32, 64, 100, 1000,
    ];

    private readonly Expression value;

    private readonly Piece region;

    private readonly Tape[] near;

    private readonly double from;

    private readonly double to;

    private Tape[]? plus;

    private Tape[]? minus;

    private int evaluations;

    private SignSearch(Expression value, Piece region)
    {
        this.value = value;
        this.region = region;
        near = Forms(value, isPositive: false);
        from = region.From?.Enclose().Low ?? double.NegativeInfinity;
        to = region.To?.Enclose().High ?? double.PositiveInfinity;
    }

    /// <summary>Searches a piece.</summary>
    /// <param name="value">The expression.</param>
    /// <param name="region">The piece, ends included.</param>
    /// <param name="wanted">The sign that it must have, or 0 for either.</param>
    public static SignResult Run(Expression value, Piece region, int wanted)
    {
        var search = new SignSearch(value, region);
        if (!value.Varies)
        {
            var constant = search.At(0);
            double inside = region.Inside.ToDouble();
            int sign = constant.IsPositive ? 1 : constant.IsNegative ? -1 : 0;
            return sign != 0
                ? new(wanted == 0 || wanted == sign ? SignOutcome.Proven : SignOutcome.Opposite, wanted == 0 ? sign : wanted, constant, inside, inside)
                : new(constant is { Low: 0, High: 0 } ? SignOutcome.Zero : SignOutcome.Unresolved, 1, constant, inside, inside);
        }

        if (search.Sample(wanted, out int found, out double witness) is { } fault)
        {
            return fault;
        }

        var result = search.Prove(found, witness);

        // Where growth meets decay in a product, each factor by itself may be plain.
        return result.Outcome is SignOutcome.Unresolved or SignOutcome.MayVanish && SignByFactors(value, region) == found
            ? new(SignOutcome.Proven, found, found > 0 ? new(0, double.PositiveInfinity) : new(double.NegativeInfinity, 0), witness, witness)
            : result;
    }

    // The product of the signs of an expression's factors; 0 if there is one factor only, or one of them has no sign.
    private static int SignByFactors(Expression value, Piece region)
    {
        int sign = 1;
        if (value is Sum { Constant.IsZero: true, Terms: [var only] })
        {
            sign = only.Coefficient.Sign;
            value = only.Factor;
        }

        if (value is not Product { Factors: { Count: > 1 } factors })
        {
            return 0;
        }

        foreach (var (factor, exponent) in factors)
        {
            // A root is one of what is not negative.
            if (Run(factor, region, exponent.IsInteger ? 0 : 1) is not { Outcome: SignOutcome.Proven } proof)
            {
                return 0;
            }

            sign *= exponent.IsInteger && !exponent.Numerator.IsEven ? proof.Sign : 1;
        }

        return sign;
    }

    /// <summary>The values far out in one direction.</summary>
    public static Interval Beyond(Expression value, bool toPlus, double distance)
    {
        var box = new Interval(0, Rounding.Up(1 / distance));
        return Over(Forms(TailForm.Of(value, toPlus), isPositive: true, TailForm.Of(Expansion.Of(value), toPlus)), box, out _, out _);
    }

    /// <summary>What the value tends to.</summary>
    public static Interval Limit(Expression value, bool toPlus) => new Tape(TailForm.Of(value, toPlus), isPositive: true).Limit() is var limit && double.IsInfinity(limit.Low) && double.IsInfinity(limit.High) && limit.Low < limit.High
        ? new Tape(TailForm.Of(Expansion.Of(value), toPlus), isPositive: true).Limit()
        : limit;

    private static Tape[] Forms(Expression value, bool isPositive, Expression? other = null)
    {
        other ??= Expansion.Of(value);
        return other.Equals(value) ? [new Tape(value, isPositive)] : [new Tape(value, isPositive), new Tape(other, isPositive)];
    }

    private static Interval Over(Tape[] forms, Interval x, out Interval low, out Interval high)
    {
        var range = forms[0].Over(x, out low, out high);
        for (int i = 1; i < forms.Length; i++)
        {
            range = range.Intersect(forms[i].Over(x, out var otherLow, out var otherHigh));
            low = low.Intersect(otherLow);
            high = high.Intersect(otherHigh);
        }

        return range;
    }

    private Interval At(double x)
    {
        var range = near[0].At(x);
        for (int i = 1; i < near.Length; i++)
        {
            range = range.Intersect(near[i].At(x));
        }

        return range;
    }

    // Points first: what is wrong is mostly found at once.
    private SignResult? Sample(int wanted, out int sign, out double witness)
    {
        double? above = null;
        double? below = null;
        double? zero = null;
        foreach (double x in Points())
        {
            var range = At(x);
            if (range.IsPositive)
            {
                above ??= x;
            }
            else if (range.IsNegative)
            {
                below ??= x;
            }
            else if (range is { Low: 0, High: 0 })
            {
                zero ??= x;
            }
        }

        sign = wanted != 0 ? wanted : above is not null ? 1 : -1;
        witness = (sign > 0 ? above : below) ?? double.NaN;
        double? opposite = sign > 0 ? below : above;
        return opposite is { } found ? new(SignOutcome.Opposite, sign, Interval.Entire, witness, found)
            : zero is { } at ? new(SignOutcome.Zero, sign, Interval.Entire, at, at)
            : null;
    }

    private IEnumerable<double> Points()
    {
        // Inside of the piece, also where its ends are no doubles.
        double low = region.From?.Enclose().High ?? double.NegativeInfinity;
        double high = region.To?.Enclose().Low ?? double.PositiveInfinity;
        double origin = double.IsInfinity(low) ? (double.IsInfinity(high) ? 0 : Math.Min(high, 0)) : double.IsInfinity(high) ? Math.Max(low, 0) : low <= 0 && high >= 0 ? 0 : low;
        foreach (double magnitude in Magnitudes)
        {
            if (origin + magnitude is var right && right >= low && right <= high)
            {
                yield return right;
            }

            if (origin - magnitude is var left && left >= low && left <= high)
            {
                yield return left;
            }
        }

        for (int i = 0; i <= 16 && !double.IsInfinity(low) && !double.IsInfinity(high); i++)
        {
            yield return Math.Max(low, Math.Min(high, low + ((high - low) * i / 16)));
        }
    }

    private SignResult Prove(int sign, double witness)
    {
        var done = new List<(Box Box, Interval Range)>();
        var open = new Stack<Box>();
        foreach (var box in Start())
        {
            open.Push(box);
        }

        while (open.Count > 0)
        {
            var box = open.Pop();
            var range = Enclose(box, sign, out double? opposite);
            if (opposite is { } x)
            {
                return new(SignOutcome.Opposite, sign, Interval.Entire, witness, x);
            }

            if (sign > 0 ? range.IsPositive : range.IsNegative)
            {
                done.Add((box, range));
                continue;
            }

            if (evaluations > MostEvaluations)
            {
                return new(SignOutcome.Unresolved, sign, Interval.Entire, box.From, box.To);
            }

            if (box.IsShort)
            {
                return box.Side == 0 ? Stuck(box, sign, witness) : new(SignOutcome.Unresolved, sign, Interval.Entire, box.From, box.To);
            }

            box.Halve(out var first, out var second);
            open.Push(second);
            open.Push(first);
        }

        return new(SignOutcome.Proven, sign, Refine(done), witness, witness);
    }

    // From the origin outward.
    private IEnumerable<Box> Start()
    {
        double left = double.IsInfinity(from) ? Math.Min(-Far, double.IsInfinity(to) ? -Far : to) : from;
        double right = double.IsInfinity(to) ? Math.Max(Far, double.IsInfinity(from) ? Far : from) : to;
        if (double.IsInfinity(from))
        {
            yield return new(-1, 0, Rounding.Up(1 / -left));
        }

        if (double.IsInfinity(to))
        {
            yield return new(1, 0, Rounding.Up(1 / right));
        }

        if (left < 0 && right > 0)
        {
            yield return new(0, left, 0);
            yield return new(0, 0, right);
        }
        else
        {
            yield return new(0, left, right);
        }
    }

    private Interval Enclose(Box box, int sign, out double? opposite)
    {
        evaluations++;
        Tape[] forms;
        if (box.Side == 0)
        {
            forms = near;
        }
        else if (box.Side > 0)
        {
            forms = plus ??= Forms(TailForm.Of(value, toPlus: true), isPositive: true, TailForm.Of(Expansion.Of(value), toPlus: true));
        }
        else
        {
            forms = minus ??= Forms(TailForm.Of(value, toPlus: false), isPositive: true, TailForm.Of(Expansion.Of(value), toPlus: false));
        }

        var range = Over(forms, new(box.Low, box.High), out var low, out var high);
        opposite = null;
        if (box.Side == 0)
        {
            // Ends that are rounded outward may be outside of the piece, where the expression need not be the function.
            bool Inside(double x) => (region.From is not { } a || Rational.Of(x) >= a) && (region.To is not { } b || Rational.Of(x) <= b);
            opposite = IsOpposite(low, sign) && Inside(box.Low) ? box.Low : IsOpposite(high, sign) && Inside(box.High) ? box.High : null;
        }

        return range;
    }

    private static bool IsOpposite(Interval value, int sign) => sign > 0 ? value.IsNegative : value.IsPositive;

    // A short interval that resists: how far it goes on, and whether there is an exact zero in it.
    private SignResult Stuck(Box box, int sign, double witness)
    {
        double low = box.Low;
        double high = box.High;
        double step = Math.Max(high - low, Shortest / 16);
        for (int direction = -1; direction <= 1; direction += 2)
        {
            for (int i = 0; i < 12; i++)
            {
                double a = direction > 0 ? high : Math.Max(from, low - step);
                double b = direction > 0 ? Math.Min(to, high + step) : low;
                if (!(a < b))
                {
                    break;
                }

                var range = Enclose(new(0, a, b), sign, out double? opposite);
                if (opposite is { } x)
                {
                    return new(SignOutcome.Opposite, sign, Interval.Entire, witness, x);
                }

                if (sign > 0 ? range.IsPositive : range.IsNegative)
                {
                    break;
                }

                low = Math.Min(low, a);
                high = Math.Max(high, b);
            }
        }

        var inside = (Low: Rational.Of(low), High: Rational.Of(high));
        inside.Low = region.From is { } first && first > inside.Low ? first : inside.Low;
        inside.High = region.To is { } last && last < inside.High ? last : inside.High;
        var candidate = Rational.Simplest(inside.Low, inside.High);
        if (Algebra.Substitute(value, Algebra.Number(candidate)) is Constant { Value.IsZero: true })
        {
            double at = candidate.ToDouble();
            return new(SignOutcome.Zero, sign, Interval.Entire, at, at);
        }

        return new(high - low <= Shortest ? SignOutcome.MayVanish : SignOutcome.Unresolved, sign, Interval.Entire, low, high);
    }

    // Bounds over all boxes; those with the extreme ends are halved a few times more.
    private Interval Refine(List<(Box Box, Interval Range)> boxes)
    {
        for (int side = 0; side < 2; side++)
        {
            for (int i = 0; i < MostRefinements; i++)
            {
                int extreme = 0;
                double best = double.NegativeInfinity;
                for (int k = 0; k < boxes.Count; k++)
                {
                    double end = side == 0 ? -boxes[k].Range.Low : boxes[k].Range.High;
                    if (end > best)
                    {
                        best = end;
                        extreme = k;
                    }
                }

                var (box, range) = boxes[extreme];
                if (box.IsShort || range.High - range.Low <= 1e-3 * Math.Abs(side == 0 ? range.Low : range.High) || (double.IsInfinity(best) && i > 4))
                {
                    break;
                }

                box.Halve(out var first, out var second);
                boxes[extreme] = (first, range.Intersect(Enclose(first, 0, out _)));
                boxes.Add((second, range.Intersect(Enclose(second, 0, out _))));
            }
        }

        return boxes.Select(static box => box.Range).Aggregate(static (a, b) => a.Hull(b));
    }

    /// <summary>Part of the line: of x, or of 1 / |x| on one side.</summary>
    private readonly record struct Box(int Side, double Low, double High)
    {
        public double From => Side == 0 ? Low : Side > 0 ? 1 / High : Low == 0 ? double.NegativeInfinity : -1 / Low;

        public double To => Side == 0 ? High : Side < 0 ? -1 / High : Low == 0 ? double.PositiveInfinity : 1 / Low;

        public bool IsShort => Side == 0
            ? High - Low <= Width || High - Low <= Math.Max(Math.Abs(Low), Math.Abs(High)) * 1e-14
            : High < FarthestTail || High - Low < High * 1e-6;

        public void Halve(out Box first, out Box second)
        {
            double middle = Low + ((High - Low) / 2);
            (first, second) = Side == 0 && Low < 0
                ? (new Box(Side, middle, High), new Box(Side, Low, middle))
                : (new Box(Side, Low, middle), new Box(Side, middle, High));
            if (Side != 0)
            {
                // Far out last.
                (first, second) = (second, first);
            }
        }
    }
}
