using System.Globalization;
using FlowGen.Random;

namespace FlowGen.Verification;

/// <summary>One verification: the layers, then the whole flow.</summary>
internal sealed partial class VerificationRun
{
    /// <summary>64 units in the last place of a float's significand: what rounding may cost before the condition of the map multiplies it.</summary>
    private const double Rounding = 64.0 / (1 << 24);

    private readonly FlowEngine engine;
    private readonly FlowDescription flow;
    private readonly VerifierOptions options;
    private readonly ReferenceInterpreter reference;
    private readonly JacobianStructure[] structures;
    private readonly JacobianStructure[] inverseStructures;
    private readonly long[] costs;
    private readonly float[] samples;
    private readonly int size;
    private readonly int total;
    private readonly List<VerificationRow> rows = [];
    private readonly List<string> notes = [];

    public VerificationRun(FlowEngine engine, float[] samples, VerifierOptions options)
    {
        this.engine = engine;
        this.samples = samples;
        this.options = options;
        flow = engine.Description;
        size = flow.EventShape.Size;
        total = samples.Length / size;
        reference = new ReferenceInterpreter(flow, engine.Parameters);
        structures = [.. flow.Layers.Select(layer => JacobianStructure.Of(layer, size))];
        inverseStructures = [.. structures.Select(static structure => structure.Inverse())];
        costs = [.. flow.Layers.Select(CostOf)];
    }

    /// <summary>Roughly the multiplications of a layer's definition: of an image every parameter is used at every pixel, and what has no formula as its inverse takes some evaluations.</summary>
    private long CostOf(LayerDescription layer)
    {
        long parameters = layer.Tensors.Where(static tensor => tensor.IsTrainable).Sum(static tensor => (long)tensor.Count);
        return (8L * size) + (parameters * (layer.Input.IsImage ? layer.Input.Pixels : 1) * (layer.InvertsByIteration ? 4 : 1));
    }

    private bool IsSmall => size <= options.JacobianUpTo;

    public VerificationReport Run()
    {
        float[] latents = new float[samples.Length];
        float[] logDets = new float[total];
        engine.Forward(samples, latents, logDets);
        int[] chosen = Spread(PlanJacobians());
        notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"{chosen.Length} of {total} samples against the reference{(IsSmall ? "" : "; Jacobians by the blocks of the claimed structure")}."));
        float[] x = Rows(samples, chosen);
        foreach (var layer in flow.Layers)
        {
            x = CheckLayer(layer, x, chosen);
        }

        CheckOneAnswer(latents, logDets, chosen);
        CheckFlow(Rows(samples, chosen), chosen);
        CheckGradients();
        return new VerificationReport(flow.Name, rows, notes);
    }

    /// <summary>How many samples the effort allows Jacobians for: about eight evaluations for each column, in both directions.</summary>
    private int PlanJacobians()
    {
        long cost = costs.Sum();
        long perSample = IsSmall
            ? 48 * size * cost
            : (8L * Math.Min(size, options.Coordinates) * cost) + structures.Zip(costs, static (structure, cost) => 16 * structure.Groups.Count * cost).Sum();
        return (int)Math.Clamp(options.Effort / Math.Max(1, perSample), 1, Math.Min(options.Samples, total));
    }

    private int[] Spread(int count) => [.. Enumerable.Range(0, count).Select(i => (int)((long)i * total / count))];

    private float[] Rows(float[] source, int[] chosen)
    {
        float[] rows = new float[chosen.Length * size];
        for (int i = 0; i < chosen.Length; i++)
        {
            source.AsSpan(chosen[i] * size, size).CopyTo(rows.AsSpan(i * size));
        }

        return rows;
    }

    private double[] Row(float[] source, int row) => Array.ConvertAll(source[(row * size)..((row + 1) * size)], static value => (double)value);

    /// <summary>Up to <paramref name="count"/> different numbers below <paramref name="below"/>, ascending.</summary>
    private static int[] Draw(ParameterRandom random, int count, int below)
    {
        if (count >= below)
        {
            return [.. Enumerable.Range(0, below)];
        }

        var drawn = new SortedSet<int>();
        while (drawn.Count < count)
        {
            _ = drawn.Add(Math.Min(below - 1, (int)((random.Uniform(0.5) + 0.5) * below)));
        }

        return [.. drawn];
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        double largest = 1;
        foreach (double value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!(Math.Abs(value) <= float.MaxValue))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A result alone is the result in the batch, to the last bit.</summary>
    private void CheckOneAnswer(float[] latents, float[] logDets, int[] chosen)
    {
        var tally = new CheckTally(null, flow.Name, VerificationCheck.OneAnswer);
        float[] z = new float[size];
        float[] logDet = new float[1];
        foreach (int sample in chosen)
        {
            engine.Forward(samples.AsSpan(sample * size, size), z, logDet);
            for (int i = 0; i < size; i++)
            {
                tally.Identical(z[i], latents[(sample * size) + i], new CheckPlace(sample, "z", i));
            }

            tally.Identical(logDet[0], logDets[sample], new CheckPlace(sample, "log-det"));
        }

        rows.Add(tally.ToRow());
    }
}
