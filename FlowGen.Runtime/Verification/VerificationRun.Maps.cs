using FlowGen.Random;

namespace FlowGen.Verification;

// A layer, or the whole flow, as a map and its inverse.
internal sealed partial class VerificationRun
{
    private const double LayerTolerance = 2e-5;
    private const double FlowTolerance = 1e-4;
    private const double ReferenceTolerance = 1e-8;
    private const int NormProbes = 8;
    private const int LatentStream = 1_000_001;
    private const int ProbeStream = 1_000_002;

    /// <summary>Checks a layer on the states that the flow hands to it; returns what it hands on.</summary>
    private float[] CheckLayer(LayerDescription layer, float[] x, int[] chosen, double[] terms)
    {
        var map = new MapChecks(layer, layer.Kind);
        float[] z = CheckForward(map, layer.Index, layer.Index + 1, x, chosen, terms);
        CheckInverse(map, layer.Index, layer.Index + 1, z, chosen, terms);
        rows.AddRange(map.ToRows());
        CheckStructure(layer, x, z, chosen);
        return z;
    }

    private void CheckFlow(float[] x, int[] chosen, double[] terms)
    {
        var map = new MapChecks(null, flow.Name);
        var inputGradient = new CheckTally(null, flow.Name, VerificationCheck.InputGradient);
        float[] z = CheckForward(map, 0, reference.Layers, x, chosen, terms, inputGradient);
        CheckInverse(map, 0, reference.Layers, z, chosen, terms);

        // The inverse is used on latents of the prior, which may be far from those of the data.
        float[] latents = new float[z.Length];
        engine.SampleLatent(latents, new float[chosen.Length], options.Seed + LatentStream);
        CheckInverse(map, 0, reference.Layers, latents, null, new double[chosen.Length]);
        rows.AddRange(map.ToRows());
        rows.Add(CheckLogProb(x, chosen));
        rows.Add(inputGradient.ToRow());
    }

    /// <summary>Data to latent and back, the log-det, and the reference against itself.</summary>
    private float[] CheckForward(MapChecks map, int first, int last, float[] x, int[] chosen, double[] terms, CheckTally? inputGradient = null)
    {
        float[] z = new float[x.Length];
        float[] back = new float[x.Length];
        float[] logDet = new float[chosen.Length];
        engine.Run(x, z, logDet, first, last, inverse: false);
        engine.Run(z, back, new float[chosen.Length], first, last, inverse: true);
        bool isLayer = map.Layer is not null;
        var gradients = inputGradient is null ? null : new InputGradients(this, x, chosen.Length);
        for (int row = 0; row < chosen.Length; row++)
        {
            double[] input = Row(x, row);
            double[] output = (double[])input.Clone();
            double referenceLogDet = reference.Forward(output, first, last);
            var jacobian = JacobianAt(input, first, last, inverse: false);
            terms[row] += isLayer && jacobian.IsResolved ? jacobian.SumOfAbsLogs : 0;
            var (norm, inverseNorm) = Norms(jacobian, input, first, last);
            double scaleIn = Largest(input);
            double scaleOut = Largest(output);
            double allowed = Math.Max((isLayer ? LayerTolerance : FlowTolerance) * scaleOut, Rounding * norm * scaleIn);
            double allowedBack = Math.Max(FlowTolerance * scaleIn, Rounding * inverseNorm * Math.Max(norm * scaleIn, scaleOut));
            for (int i = 0; i < size; i++)
            {
                map.Forward.Compare(z[(row * size) + i], output[i], allowed, new CheckPlace(chosen[row], "z", i));
                map.RoundTrip.Compare(back[(row * size) + i], input[i], allowedBack, new CheckPlace(chosen[row], "x", i));
            }

            if (!jacobian.IsResolved || !AllFinite(output))
            {
                map.ForwardLogDet.Skip();
                map.Reference.Skip();
                inputGradient?.Skip();
                continue;
            }

            double sum = isLayer ? jacobian.SumOfAbsLogs : terms[row];
            map.ForwardLogDet.Compare(logDet[row], jacobian.LogAbsDet, LogDetTolerance(sum), new CheckPlace(chosen[row]));
            map.Reference.Add(Math.Abs(referenceLogDet - jacobian.LogAbsDet), ReferenceTolerance * Math.Max(1, sum), new CheckPlace(chosen[row], "log-det"));
            CheckReferenceInverse(map, input, output, first, last, inverseNorm * Math.Max(norm * scaleIn, scaleOut), chosen[row]);
            gradients?.Check(inputGradient!, jacobian, output, row, chosen[row]);
        }

        return z;
    }

    /// <summary>Latent to data and back, and the log-det of the inverse. Latents that are not those of samples have no numbers.</summary>
    private void CheckInverse(MapChecks map, int first, int last, float[] z, int[]? chosen, double[] terms)
    {
        int count = z.Length / size;
        float[] x = new float[z.Length];
        float[] back = new float[z.Length];
        float[] logDet = new float[count];
        engine.Run(z, x, logDet, first, last, inverse: true);
        engine.Run(x, back, new float[count], first, last, inverse: false);
        for (int row = 0; row < count; row++)
        {
            var place = new CheckPlace(chosen is null ? -1 : chosen[row], chosen is null ? $"latent {row}" : "");
            double[] input = Row(z, row);
            double[] output = (double[])input.Clone();
            _ = reference.Inverse(output, first, last);
            if (!AllFinite(output) || !AllFinite(input))
            {
                map.LatentRoundTrip.Skip();
                map.InverseLogDet.Skip();
                continue;
            }

            var jacobian = JacobianAt(input, first, last, inverse: true);
            var (inverseNorm, norm) = Norms(jacobian, input, first, last, inverse: true);
            double scaleIn = Largest(input);
            double allowed = Math.Max(FlowTolerance * scaleIn, Rounding * norm * Math.Max(inverseNorm * scaleIn, Largest(output)));
            for (int i = 0; i < size; i++)
            {
                map.LatentRoundTrip.Compare(back[(row * size) + i], input[i], allowed, place with { What = $"{place.What} z".TrimStart(), Index = i });
            }

            if (jacobian.IsResolved)
            {
                map.InverseLogDet.Compare(logDet[row], jacobian.LogAbsDet, LogDetTolerance(Math.Max(terms[row], jacobian.SumOfAbsLogs)), place);
            }
            else
            {
                map.InverseLogDet.Skip();
            }
        }
    }

    private void CheckReferenceInverse(MapChecks map, double[] input, double[] output, int first, int last, double condition, int sample)
    {
        double[] back = (double[])output.Clone();
        _ = reference.Inverse(back, first, last);
        double allowed = Math.Max(ReferenceTolerance * Largest(input), 1e-13 * condition);
        for (int i = 0; i < size; i++)
        {
            map.Reference.Add(Math.Abs(back[i] - input[i]), allowed, new CheckPlace(sample, "x", i));
        }
    }

    private static double LogDetTolerance(double sumOfAbsTerms) => (1e-6 * sumOfAbsTerms) + 1e-5;

    private VerificationRow CheckLogProb(float[] x, int[] chosen)
    {
        var tally = new CheckTally(null, flow.Name, VerificationCheck.LogProb);
        float[] logProb = new float[chosen.Length];
        engine.LogProb(x, logProb);
        for (int row = 0; row < chosen.Length; row++)
        {
            double expected = reference.LogProb(Row(x, row));
            tally.Compare(logProb[row], expected, FlowTolerance * Math.Max(1, Math.Abs(expected)), new CheckPlace(chosen[row]));
        }

        return tally.ToRow();
    }

    private ReferenceMap MapOf(int first, int last, bool inverse) => inverse
        ? state => reference.Inverse(state, first, last)
        : state => reference.Forward(state, first, last);

    /// <summary>The whole Jacobian of a small flow or layer; for a large one the blocks, layer by layer.</summary>
    private ReferenceJacobian JacobianAt(double[] at, int first, int last, bool inverse)
    {
        bool isLayer = last == first + 1;
        if (IsSmall)
        {
            return ReferenceJacobian.Whole(MapOf(first, last, inverse), at, isLayer ? StructureOf(first, inverse) : null);
        }

        if (isLayer)
        {
            return ReferenceJacobian.Blocks(MapOf(first, last, inverse), at, StructureOf(first, inverse));
        }

        var columns = inverse
            ? ReferenceJacobian.Columns(MapOf(first, last, inverse), at, [])
            : ReferenceJacobian.Columns(MapOf(first, last, inverse), at, Coordinates(options.Coordinates));
        double[] state = (double[])at.Clone();
        for (int step = 0; step < last - first; step++)
        {
            int layer = inverse ? last - 1 - step : first + step;
            columns.MultiplyDeterminant(JacobianAt(state, layer, layer + 1, inverse));
            _ = MapOf(layer, layer + 1, inverse)(state);
        }

        return columns;
    }

    private JacobianStructure StructureOf(int layer, bool inverse) => inverse ? inverseStructures[layer] : structures[layer];

    private int[] Coordinates(int count) => Draw(new ParameterRandom(options.Seed, LatentStream), count, size);

    /// <summary>The norms of the Jacobian and of its inverse; where only blocks are known, the largest growth of random sign vectors.</summary>
    private (double Norm, double InverseNorm) Norms(ReferenceJacobian jacobian, double[] at, int first, int last, bool inverse = false)
    {
        if (!double.IsNaN(jacobian.Norm))
        {
            return (jacobian.Norm, jacobian.InverseNorm);
        }

        double[] image = (double[])at.Clone();
        _ = MapOf(first, last, inverse)(image);
        return (ProbeNorm(MapOf(first, last, inverse), at), ProbeNorm(MapOf(first, last, !inverse), image));
    }

    private double ProbeNorm(ReferenceMap map, double[] at)
    {
        var random = new ParameterRandom(options.Seed, ProbeStream);
        double[] derivative = new double[size];
        double largest = 1;
        for (int probe = 0; probe < NormProbes; probe++)
        {
            bool[] signs = [.. Enumerable.Range(0, size).Select(_ => random.Uniform(1) < 0)];
            _ = Differences.Derive(
                (offset, values) =>
                {
                    for (int i = 0; i < values.Length; i++)
                    {
                        values[i] = at[i] + (signs[i] ? -offset : offset);
                    }

                    _ = map(values);
                },
                1,
                derivative);
            foreach (double value in derivative)
            {
                largest = double.IsFinite(value) ? Math.Max(largest, Math.Abs(value)) : largest;
            }
        }

        return largest;
    }
}
