using FlowGen.Random;

namespace FlowGen.Verification;

// A layer, or the whole flow, as a map and its inverse.
internal sealed partial class VerificationRun
{
    private const double LayerTolerance = 2e-5;
    private const double FlowTolerance = 1e-4;
    private const double ReferenceTolerance = 1e-8;
    private const double DifferenceError = 1e-12;
    private const double LogDetAccuracy = 5e-9;
    private const double LargestLogDetRounding = 1e-3;
    private const int NormProbes = 8;
    private const int LatentStream = 1_000_001;
    private const int ProbeStream = 1_000_002;

    /// <summary>Checks a layer on the states that the flow hands to it; returns what it hands on.</summary>
    private float[] CheckLayer(LayerDescription layer, float[] x, int[] chosen)
    {
        var map = new MapChecks(layer, layer.Kind, LayerTolerance);
        float[] z = CheckForward(map, layer.Index, layer.Index + 1, x, chosen);
        CheckInverse(map, layer.Index, layer.Index + 1, z, chosen);
        rows.AddRange(map.ToRows());
        CheckStructure(layer, x, z, chosen);
        return z;
    }

    private void CheckFlow(float[] x, int[] chosen)
    {
        var map = new MapChecks(null, flow.Name, FlowTolerance);
        var inputGradient = new CheckTally(null, flow.Name, VerificationCheck.InputGradient);
        float[] z = CheckForward(map, 0, reference.Layers, x, chosen, inputGradient);
        CheckInverse(map, 0, reference.Layers, z, chosen);

        // The inverse is used on latents of the prior, which may be far from those of the data.
        float[] latents = new float[z.Length];
        engine.SampleLatent(latents, new float[chosen.Length], options.Seed + LatentStream);
        CheckInverse(map, 0, reference.Layers, latents, null);
        rows.AddRange(map.ToRows());
        rows.Add(CheckLogProb(x, chosen));
        rows.Add(inputGradient.ToRow());
    }

    /// <summary>Data to latent and back, the log-det, and the reference against itself.</summary>
    private float[] CheckForward(MapChecks map, int first, int last, float[] x, int[] chosen, CheckTally? inputGradient = null)
    {
        float[] z = new float[x.Length];
        float[] back = new float[x.Length];
        float[] logDet = new float[chosen.Length];
        engine.Run(x, z, logDet, first, last, inverse: false);
        engine.Run(z, back, new float[chosen.Length], first, last, inverse: true);
        var gradients = inputGradient is null ? null : new InputGradients(this, x, chosen.Length);
        for (int row = 0; row < chosen.Length; row++)
        {
            double[] input = Row(x, row);
            double[] output = (double[])input.Clone();
            double referenceLogDet = reference.Forward(output, first, last);
            if (!AllFinite(input) || !AllFinite(output))
            {
                map.SkipForward(z.AsSpan(row * size, size), output, chosen[row]);
                inputGradient?.Skip();
                continue;
            }

            var chain = ChainAt(input, first, last, inverse: false);
            double allowed = Math.Max(map.Tolerance * Largest(output), Rounding * chain.OutputGrowth);
            double allowedBack = Math.Max(FlowTolerance * Largest(input), Rounding * chain.RoundTripGrowth);
            for (int i = 0; i < size; i++)
            {
                map.Forward.Compare(z[(row * size) + i], output[i], allowed, new CheckPlace(chosen[row], "z", i));
                map.RoundTrip.Compare(back[(row * size) + i], input[i], allowedBack, new CheckPlace(chosen[row], "x", i));
            }

            var jacobian = JacobianAt(input, first, last, chain);
            if (!chain.IsResolved || !jacobian.IsResolved)
            {
                map.ForwardLogDet.Skip();
                map.Reference.Skip();
                inputGradient?.Skip();
                continue;
            }

            // The determinant of the whole Jacobian, unless differences lose too many of its digits.
            double lost = DifferenceError * Matrices.Norm(jacobian.Values) * (jacobian.Inverse is null ? 1 : Matrices.Norm(jacobian.Inverse));
            double expected = jacobian.Inverse is null || lost > LogDetAccuracy ? chain.LogAbsDet : jacobian.LogAbsDet;
            if (IsKnown(chain))
            {
                map.ForwardLogDet.Compare(logDet[row], expected, LogDetTolerance(chain), new CheckPlace(chosen[row]));
            }
            else
            {
                map.ForwardLogDet.Skip();
            }

            CheckReference(map, input, output, Math.Abs(referenceLogDet - expected), first, last, chain, chosen[row]);
            gradients?.Check(inputGradient!, jacobian, output, row, chosen[row]);
        }

        return z;
    }

    /// <summary>Latent to data and back, and the log-det of the inverse. Latents that are not those of samples have no numbers.</summary>
    private void CheckInverse(MapChecks map, int first, int last, float[] z, int[]? chosen)
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
            if (!AllFinite(input) || !AllFinite(output))
            {
                map.SkipInverse();
                continue;
            }

            var chain = ChainAt(input, first, last, inverse: true);
            double allowed = Math.Max(FlowTolerance * Largest(input), Rounding * chain.RoundTripGrowth);
            for (int i = 0; i < size; i++)
            {
                map.LatentRoundTrip.Compare(back[(row * size) + i], input[i], allowed, place with { What = $"{place.What} z".TrimStart(), Index = i });
            }

            if (chain.IsResolved && IsKnown(chain))
            {
                map.InverseLogDet.Compare(logDet[row], chain.LogAbsDet, LogDetTolerance(chain), place);
            }
            else
            {
                map.InverseLogDet.Skip();
            }
        }
    }

    private void CheckReference(
        MapChecks map, double[] input, double[] output, double logDetError, int first, int last, ReferenceChain chain, int sample)
    {
        map.Reference.Add(logDetError, ReferenceTolerance * Math.Max(1, chain.SumOfAbsLogs), new CheckPlace(sample, "log-det"));
        double[] back = (double[])output.Clone();
        _ = reference.Inverse(back, first, last);
        double allowed = Math.Max(ReferenceTolerance * Largest(input), 1e-13 * chain.RoundTripGrowth);
        for (int i = 0; i < size; i++)
        {
            map.Reference.Add(Math.Abs(back[i] - input[i]), allowed, new CheckPlace(sample, "x", i));
        }
    }

    /// <summary>Where rounding after a layer moves the log-dets of later ones by more, single precision does not know them, and first-order bounds end.</summary>
    private static bool IsKnown(ReferenceChain chain) => Rounding * chain.LogDetGrowth <= LargestLogDetRounding;

    private static double LogDetTolerance(ReferenceChain chain) => (1e-6 * chain.SumOfAbsLogs) + 1e-5 + (Rounding * chain.LogDetGrowth);

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

    /// <summary>The Jacobians of the layers at one sample: whole ones of a small flow, the blocks of a large one.</summary>
    private ReferenceChain ChainAt(double[] at, int first, int last, bool inverse)
    {
        double[] state = (double[])at.Clone();
        var chain = new ReferenceChain(Largest(state));
        for (int step = 0; step < last - first; step++)
        {
            int layer = inverse ? last - 1 - step : first + step;
            var map = MapOf(layer, layer + 1, inverse);
            var structure = StructureOf(layer, inverse);
            var jacobian = IsSmall ? ReferenceJacobian.Whole(map, state, structure) : ReferenceJacobian.Blocks(map, state, structure);
            _ = map(state);
            chain.Add(jacobian, Largest(state));
        }

        if (!chain.IsResolved || !IsSmall)
        {
            var (norm, logDetSlope) = Probe(MapOf(first, last, inverse), at);
            var (inverseNorm, _) = Probe(MapOf(first, last, !inverse), state);
            chain.EstimateGrowth(norm, inverseNorm, logDetSlope);
        }
        else
        {
            chain.MeasureGrowth();
        }

        return chain;
    }

    /// <summary>The Jacobian of a run of layers as one map; of a large flow, some of its columns.</summary>
    private ReferenceJacobian JacobianAt(double[] at, int first, int last, ReferenceChain chain) =>
        last == first + 1 && chain.Single is { } single ? single
        : IsSmall ? ReferenceJacobian.Whole(MapOf(first, last, inverse: false), at, null)
        : ReferenceJacobian.Columns(MapOf(first, last, inverse: false), at, Coordinates(options.Coordinates));

    private JacobianStructure StructureOf(int layer, bool inverse) => inverse ? inverseStructures[layer] : structures[layer];

    private int[] Coordinates(int count) => Draw(new ParameterRandom(options.Seed, LatentStream), count, size);

    /// <summary>The largest growth of random sign vectors, and of the log-det along them.</summary>
    private (double Norm, double LogDetSlope) Probe(ReferenceMap map, double[] at)
    {
        var random = new ParameterRandom(options.Seed, ProbeStream);
        double[] derivative = new double[size + 1];
        double norm = 1;
        double slope = 0;
        for (int probe = 0; probe < NormProbes; probe++)
        {
            bool[] signs = [.. Enumerable.Range(0, size).Select(_ => random.Uniform(1) < 0)];
            _ = Differences.Derive(
                (offset, values) =>
                {
                    double[] state = [.. at.Zip(signs, (value, sign) => value + (sign ? -offset : offset))];
                    values[^1] = map(state);
                    state.CopyTo(values, 0);
                },
                1,
                derivative);
            norm = Math.Max(norm, derivative[..size].Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max());
            slope = double.IsFinite(derivative[^1]) ? Math.Max(slope, Math.Abs(derivative[^1])) : slope;
        }

        return (norm, slope);
    }
}
