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
    private const int NormProbes = 8;
    private const double ProbeStep = 1.0 / (1 << 16);
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

            if (!AllFinite(Row(z, row)))
            {
                map.Forward.Add(double.PositiveInfinity, map.Tolerance * Largest(output), new CheckPlace(chosen[row]));
                continue;
            }

            var chain = ChainAt(x, row, first, last, inverse: false);
            double allowed = Math.Max(map.Tolerance * Largest(output), Rounding * chain.OutputGrowth);
            double allowedBack = Math.Max(FlowTolerance * Largest(input), Rounding * chain.RoundTripGrowth);
            bool returns = HasImage(z, row, MapOf(first, last, inverse: true));
            for (int i = 0; i < size; i++)
            {
                map.Forward.Compare(z[(row * size) + i], output[i], allowed, new CheckPlace(chosen[row], "z", i));
                map.RoundTrip.CompareIf(returns, back[(row * size) + i], input[i], allowedBack, new CheckPlace(chosen[row], "x", i));
            }

            if (!chain.IsResolved)
            {
                map.ForwardLogDet.Skip();
                map.Reference.Skip();
                inputGradient?.Skip();
                continue;
            }

            map.ForwardLogDet.Compare(logDet[row], chain.LogAbsDet, LogDetTolerance(chain), new CheckPlace(chosen[row]));
            CheckReferenceInverse(map, input, output, first, last, chain, chosen[row]);
            var jacobian = JacobianAt(input, first, last, chain);
            if (jacobian.IsResolved && !double.IsNaN(jacobian.LogAbsDet)
                && (jacobian.Inverse is null || DifferenceError * Matrices.Norm(jacobian.Values) * Matrices.Norm(jacobian.Inverse) <= LogDetAccuracy))
            {
                map.Reference.Add(
                    Math.Abs(referenceLogDet - jacobian.LogAbsDet), ReferenceTolerance * Math.Max(1, chain.SumOfAbsLogs), new CheckPlace(chosen[row], "log-det"));
            }

            if (jacobian.IsResolved)
            {
                gradients?.Check(inputGradient!, jacobian, output, row, chosen[row]);
            }
            else
            {
                inputGradient?.Skip();
            }
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

            if (!AllFinite(Row(x, row)))
            {
                map.LatentRoundTrip.Add(double.PositiveInfinity, FlowTolerance * Largest(output), place);
                continue;
            }

            var chain = ChainAt(z, row, first, last, inverse: true);
            bool returns = HasImage(x, row, MapOf(first, last, inverse: false));
            double allowed = Math.Max(FlowTolerance * Largest(input), Rounding * chain.RoundTripGrowth);
            for (int i = 0; i < size; i++)
            {
                map.LatentRoundTrip.CompareIf(returns, back[(row * size) + i], input[i], allowed, place with { What = $"{place.What} z".TrimStart(), Index = i });
            }

            if (chain.IsResolved)
            {
                map.InverseLogDet.Compare(logDet[row], chain.LogAbsDet, LogDetTolerance(chain), place);
            }
            else
            {
                map.InverseLogDet.Skip();
            }
        }
    }

    /// <summary>Rounding may leave the domain or the range of a map.</summary>
    private bool HasImage(float[] source, int row, ReferenceMap map)
    {
        double[] state = Row(source, row);
        _ = map(state);
        return AllFinite(state);
    }

    private void CheckReferenceInverse(MapChecks map, double[] input, double[] output, int first, int last, ReferenceChain chain, int sample)
    {
        double[] back = (double[])output.Clone();
        _ = reference.Inverse(back, first, last);
        double allowed = Math.Max(ReferenceTolerance * Largest(input), 1e-13 * chain.RoundTripGrowth);
        for (int i = 0; i < size; i++)
        {
            map.Reference.Add(Math.Abs(back[i] - input[i]), allowed, new CheckPlace(sample, "x", i));
        }
    }

    private static double LogDetTolerance(ReferenceChain chain) => (1e-6 * chain.SumOfAbsLogs) + 1e-5;

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

    /// <summary>
    /// The Jacobians of the layers on the way that the compiled code takes from a sample, whole ones of a small flow, the blocks of a large one:
    /// between the layers their inputs are exact, so that log-dets compare to the last digits however the flow is conditioned.
    /// </summary>
    private ReferenceChain ChainAt(float[] source, int row, int first, int last, bool inverse)
    {
        float[] at = source[(row * size)..((row + 1) * size)];
        double[] start = Row(at, 0);
        double[] state = start;
        var chain = new ReferenceChain(Largest(state));
        for (int step = 0; step < last - first; step++)
        {
            int layer = inverse ? last - 1 - step : first + step;
            var jacobian = JacobianOf(layer, state, inverse);
            engine.Run(at, at, new float[1], layer, layer + 1, inverse);
            state = Row(at, 0);
            chain.Add(jacobian, Largest(state));
        }

        if (IsSmall && chain.IsResolved)
        {
            chain.MeasureGrowth();
        }
        else
        {
            chain.EstimateGrowth(ProbeNorm(MapOf(first, last, inverse), start), ProbeNorm(MapOf(first, last, !inverse), state));
        }

        return chain;
    }

    /// <summary>The Jacobian of one layer, whole or the blocks of its structure.</summary>
    private ReferenceJacobian JacobianOf(int layer, double[] at, bool inverse)
    {
        if (inverse && flow.Layers[layer].InvertsByIteration)
        {
            double[] x = (double[])at.Clone();
            _ = reference.Inverse(x, layer, layer + 1);
            return JacobianOf(layer, x, inverse: false).OfInverse();
        }

        var map = MapOf(layer, layer + 1, inverse);
        var structure = StructureOf(layer, inverse);
        return IsSmall ? ReferenceJacobian.Whole(map, at, structure) : ReferenceJacobian.Blocks(map, at, structure);
    }

    /// <summary>The Jacobian of a run of layers as one map; of a large flow, some of its columns.</summary>
    private ReferenceJacobian JacobianAt(double[] at, int first, int last, ReferenceChain chain) =>
        last == first + 1 && (IsSmall || reference.Layers > 1) && chain.Single is { } single ? single
        : IsSmall ? ReferenceJacobian.Whole(MapOf(first, last, inverse: false), at, null)
        : ReferenceJacobian.Columns(MapOf(first, last, inverse: false), at, Coordinates(options.Coordinates));

    private JacobianStructure StructureOf(int layer, bool inverse) => inverse ? inverseStructures[layer] : structures[layer];

    private int[] Coordinates(int count) => Draw(new ParameterRandom(options.Seed, LatentStream), count, size);

    /// <summary>The largest growth of random sign vectors: an estimate, for which one difference each is enough.</summary>
    private double ProbeNorm(ReferenceMap map, double[] at)
    {
        var random = new ParameterRandom(options.Seed, ProbeStream);
        double[] above = new double[size];
        double[] below = new double[size];
        double norm = 1;
        for (int probe = 0; probe < NormProbes; probe++)
        {
            for (int i = 0; i < size; i++)
            {
                double offset = random.Uniform(1) < 0 ? -ProbeStep : ProbeStep;
                (above[i], below[i]) = (at[i] + offset, at[i] - offset);
            }

            _ = map(above);
            _ = map(below);
            for (int i = 0; i < size; i++)
            {
                double growth = Math.Abs(above[i] - below[i]) / (2 * ProbeStep);
                norm = double.IsFinite(growth) ? Math.Max(norm, growth) : norm;
            }
        }

        return norm;
    }
}
