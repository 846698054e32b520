namespace FlowGen.Tests.Declarations;

/// <summary>What is known of a function by the way that it was put together.</summary>
internal enum FunctionKind
{
    /// <summary>Continuously differentiable, with a slope that is nowhere zero and never changes sign.</summary>
    Sound,

    /// <summary>The same, but for one point where the slope jumps.</summary>
    Kinked,

    /// <summary>It rises somewhere and falls elsewhere.</summary>
    Folded,

    /// <summary>Its slope is zero at a point or on an interval, and has one sign elsewhere.</summary>
    Flat,

    /// <summary>Its values jump.</summary>
    Torn,

    /// <summary>There are numbers of which it makes none.</summary>
    Undefined,
}

/// <summary>A function in C#, and the same in double precision, written down apart from it, with its slope.</summary>
/// <param name="Name">The method that layers name.</param>
/// <param name="Code">The members that it takes.</param>
/// <param name="Kind">What is known of it.</param>
/// <param name="Value">The function.</param>
/// <param name="Slope">Its derivative, by the rules of the calculus and hand.</param>
internal sealed record RandomFunction(string Name, string Code, FunctionKind Kind, Func<double, double> Value, Func<double, double> Slope)
{
    /// <summary>Points from far out on the left to far out on the right, dense about 0.</summary>
    public static IReadOnlyList<double> Samples { get; } =
    [
        .. Enumerable.Range(-600, 1201).Select(static i => (i / 150.0) + (Math.Sign(i) * (Math.Exp(7.0 * i * i / 360_000) - 1) / 12) + 0.00037),
    ];

    /// <summary>Whether samples of the function show what is known of it.</summary>
    public bool Shows()
    {
        double[] slopes = [.. Samples.Select(Slope)];
        return Kind switch
        {
            FunctionKind.Sound or FunctionKind.Kinked => slopes[600] != 0 && slopes.Where(double.IsFinite).All(slope => Math.Sign(slope) != -Math.Sign(slopes[600])),
            FunctionKind.Folded => slopes.Any(static slope => slope > 1e-6) && slopes.Any(static slope => slope < -1e-6),
            FunctionKind.Flat => LeastSlope(slopes) < 1e-9,
            FunctionKind.Torn => Samples.Zip(Samples.Skip(1)).Any(pair => Steep(pair.First, pair.Second)),
            _ => Enumerable.Range(-1024, 2048).Any(i => !double.IsFinite(Value(i / 16.0))),
        };
    }

    // Where the magnitude of the slope is least, it is looked for again, ever closer.
    private double LeastSlope(double[] slopes)
    {
        int least = Enumerable.Range(1, slopes.Length - 2).MinBy(i => Math.Abs(slopes[i]));
        double from = Samples[least - 1];
        double to = Samples[least + 1];
        for (int i = 0; i < 60; i++)
        {
            double step = (to - from) / 8;
            double best = Enumerable.Range(1, 7).Select(k => from + (k * step)).MinBy(x => Math.Abs(Slope(x)));
            (from, to) = (best - step, best + step);
        }

        return Math.Min(Math.Abs(Slope((from + to) / 2)), Math.Abs(slopes[least]));
    }

    // Whether the values jump between two points: the difference does not go away with their distance.
    private bool Steep(double from, double to)
    {
        double difference = Value(to) - Value(from);
        for (int i = 0; i < 30; i++)
        {
            double middle = (from + to) / 2;
            bool left = Math.Abs(Value(middle) - Value(from)) > Math.Abs(Value(to) - Value(middle));
            (from, to) = left ? (from, middle) : (middle, to);
        }

        return Math.Abs(Value(to) - Value(from)) > Math.Max(1e-4, 0.01 * Math.Abs(difference));
    }
}
