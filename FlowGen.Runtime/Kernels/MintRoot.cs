using FlowGen.Numerics.Activations;

namespace FlowGen.Kernels;

/// <summary>One coordinate of a Mint layer as a function of itself alone, in double precision: what the others contribute is known.</summary>
/// <remarks>y(x) = t x + rest + sum over i of w3 h(before2 + sum over j of w2 h(before1 + w1 x)), whose slope is t or more.</remarks>
internal ref struct MintRoot
{
    // Far more than any bracket takes to close.
    private const int MostSteps = 400;

    // From here on every third step is a halving.
    private const int Patience = 16;

    private const double Resolution = 1e-14;

    /// <summary>w1 <c>[paths]</c>.</summary>
    public Span<double> First;

    /// <summary>w2 <c>[paths, paths]</c>: from the first units, row by row, to the second ones.</summary>
    public Span<double> Second;

    /// <summary>w3 <c>[paths]</c>.</summary>
    public Span<double> Third;

    /// <summary>What the first units have from the other coordinates, their bias included.</summary>
    public Span<double> Before1;

    /// <summary>What the second units have from the other coordinates, their bias included.</summary>
    public Span<double> Before2;

    /// <summary>What the coordinate has from the others, its bias included.</summary>
    public double Rest;

    /// <summary>t.</summary>
    public double Slope;

    /// <summary>z.</summary>
    public double Target;

    /// <summary>The single-precision number nearest to the root; leaves the values of the units there, and what y(x) then is above z.</summary>
    /// <param name="x">Where to start.</param>
    /// <param name="first">Receives the values of the first units.</param>
    /// <param name="second">Receives the values of the second units.</param>
    /// <param name="excess">y(x) - z.</param>
    /// <param name="steps">How often y was evaluated.</param>
    public readonly float Solve<TOp>(double x, Span<double> first, Span<double> second, out double excess, out int steps)
        where TOp : struct, ISmoothActivation
    {
        double low = double.NegativeInfinity;
        double high = double.PositiveInfinity;
        for (steps = 1; steps < MostSteps; steps++)
        {
            excess = Excess<TOp>(x, first, second, out double slope);
            double noise = Resolution * (Math.Abs(Target) + Math.Abs(Slope * x) + Math.Abs(Rest));
            if (!(Math.Abs(excess) > noise))
            {
                break;
            }

            double far = x - (excess / Slope);
            high = Math.Min(high, excess > 0 ? x : far);
            low = Math.Max(low, excess > 0 ? far : x);
            double next = x - (excess / slope);
            if (!(next > low && next < high) || (steps > Patience && steps % 3 == 0))
            {
                next = low + (0.5 * (high - low));
            }

            bool still = !(Math.Abs(next - x) > Resolution * Math.Abs(x));
            x = next;
            if (still)
            {
                break;
            }
        }

        float nearest = (float)x;
        excess = Excess<TOp>(nearest, first, second, out _);
        return nearest;
    }

    private readonly double Excess<TOp>(double x, Span<double> first, Span<double> second, out double slope)
        where TOp : struct, ISmoothActivation
    {
        for (int j = 0; j < first.Length; j++)
        {
            first[j] = TOp.Apply(Before1[j] + (First[j] * x));
        }

        double value = Rest + (Slope * x);
        slope = Slope;
        for (int i = 0; i < second.Length; i++)
        {
            double v = Before2[i];
            double inner = 0;
            for (int j = 0; j < first.Length; j++)
            {
                double w = Second[(j * second.Length) + i];
                v += w * first[j];
                inner += w * TOp.Derivative(first[j]) * First[j];
            }

            second[i] = TOp.Apply(v);
            value += Third[i] * second[i];
            slope += Third[i] * TOp.Derivative(second[i]) * inner;
        }

        return value - Target;
    }
}
