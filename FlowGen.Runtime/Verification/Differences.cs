namespace FlowGen.Verification;

/// <summary>A vector function of one number.</summary>
internal delegate void ValuesAlong(double offset, double[] values);

/// <summary>
/// Derivatives by central differences with Richardson's extrapolation (Ridders, 1982): steps shrink by a factor of four until two
/// extrapolations agree, so that steps which cross a kink or leave the domain are left behind. About ten digits where the function is smooth.
/// </summary>
internal static class Differences
{
    private const int Levels = 13;
    private const int Orders = 5;
    private const double Agreement = 1e-11;
    private const double Stagnation = 1e-8;
    private const double Resolution = 1e-6;
    private const double FirstStep = 1.0 / 64;

    /// <summary>The derivative at offset 0.</summary>
    /// <param name="function">Writes its values at an offset.</param>
    /// <param name="scale">The scale on which the function is expected to vary; steps are powers of two below it.</param>
    /// <param name="floor">An error that is always small enough, in relation to the largest value at offset 0: for derivatives that may vanish.</param>
    /// <param name="derivative">Receives the derivative of each value.</param>
    /// <returns>Whether every component was resolved; a component at a kink or outside the domain is not, and is then not a number.</returns>
    public static bool Derive(ValuesAlong function, double scale, double floor, double[] derivative)
    {
        int count = derivative.Length;
        double[] center = new double[count];
        double[] above = new double[count];
        double[] below = new double[count];
        double[] best = new double[count];
        double[] bend = new double[count];
        double[] lastBend = new double[count];
        double[][] previous = NewTable(count);
        double[][] current = NewTable(count);
        function(0, center);
        double enough = floor * Norm(center);
        Array.Fill(best, double.PositiveInfinity);
        Array.Fill(lastBend, double.PositiveInfinity);
        double step = FirstStep * Math.Pow(2, Math.Floor(Math.Log2(Math.Max(scale, 1e-30))));
        int known = 0;
        double reached = double.PositiveInfinity;
        for (int level = 0; level < Levels; level++, step /= 4)
        {
            function(step, above);
            function(-step, below);
            if (!AllFinite(above) || !AllFinite(below))
            {
                known = 0;
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                current[0][i] = (above[i] - below[i]) / (2 * step);
                (lastBend[i], bend[i]) = (bend[i], Math.Abs(above[i] - (2 * center[i]) + below[i]) / step);
            }

            Extrapolate(previous, current, known, best, derivative);
            known = Math.Min(known + 1, Orders);
            (previous, current) = (current, previous);
            double error = Worst(best, enough, Norm(derivative));
            if (known > 2 && (error <= Agreement || (error <= Stagnation && error == reached)))
            {
                break;
            }

            reached = error;
        }

        return Resolve(derivative, best, bend, lastBend, known, enough);
    }

    private static void Extrapolate(double[][] previous, double[][] current, int known, double[] best, double[] derivative)
    {
        double factor = 1;
        for (int order = 1; order <= Math.Min(known, Orders - 1); order++)
        {
            factor *= 16;
            for (int i = 0; i < best.Length; i++)
            {
                double value = ((factor * current[order - 1][i]) - previous[order - 1][i]) / (factor - 1);
                current[order][i] = value;
                double error = Math.Max(Math.Abs(value - current[order - 1][i]), Math.Abs(value - previous[order - 1][i]));
                if (error < best[i])
                {
                    best[i] = error;
                    derivative[i] = value;
                }
            }
        }
    }

    /// <summary>A component whose slopes from both sides keep apart as the step shrinks sits on a kink.</summary>
    private static bool Resolve(double[] derivative, double[] best, double[] bend, double[] lastBend, int known, double enough)
    {
        double threshold = known < 2 ? 0 : Math.Max(Math.Max(Resolution * Norm(derivative), enough), 1e-300);
        bool resolved = known >= 2;
        for (int i = 0; i < derivative.Length; i++)
        {
            bool kink = bend[i] > threshold && bend[i] > 0.6 * lastBend[i];
            if (known < 2 || kink || !(best[i] <= threshold))
            {
                derivative[i] = double.NaN;
                resolved = false;
            }
        }

        return resolved;
    }

    private static double Worst(double[] errors, double enough, double norm)
    {
        double worst = 0;
        foreach (double error in errors)
        {
            worst = Math.Max(worst, error);
        }

        return worst <= enough ? 0 : worst / norm;
    }

    private static double Norm(double[] values)
    {
        double norm = 0;
        foreach (double value in values)
        {
            norm = Math.Max(norm, Math.Abs(value));
        }

        return norm;
    }

    private static bool AllFinite(double[] values) => Array.TrueForAll(values, double.IsFinite);

    private static double[][] NewTable(int count) => [.. Enumerable.Range(0, Orders).Select(_ => new double[count])];
}
