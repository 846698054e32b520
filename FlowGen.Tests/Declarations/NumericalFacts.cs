using FlowGen.Generator.Model;
using FlowGen.Layers;
using FlowGen.Random;
using FlowGen.Tests.Flows;
using FlowGen.Verification;

namespace FlowGen.Tests.Declarations;

/// <summary>
/// What a flow does, found out by the interpreter in double precision alone: its Jacobian at several points and under several weights, layer by layer and as a whole.
/// Independence is exact: a number that does not enter a computation does not change a bit of its result.
/// </summary>
internal sealed partial class NumericalFacts
{
    private const int VectorWeights = 6;
    private const int ImageWeights = 4;
    private const int Points = 2;
    private const double Step = 1.0 / 32;

    private readonly FlowDescription description;
    private readonly int size;
    private readonly List<ReferenceInterpreter> interpreters = [];
    private readonly List<double[]> points = [];

    public NumericalFacts(FlowDescription description, FlowData data)
    {
        this.description = description;
        size = description.EventShape.Size;
        for (int i = 0; i < (description.EventShape.IsImage ? ImageWeights : VectorWeights); i++)
        {
            AddInterpreter(i);
        }

        for (int i = 0; i < Points; i++)
        {
            float[] sample = data switch
            {
                FlowData.Real => FlowFixture.Normal(size, seed: 50 + i),
                FlowData.Unit => FlowFixture.Uniform(size, seed: 50 + i, 0.1, 0.9),

                // Between the levels of two bins: the interpreter takes any number.
                _ => FlowFixture.Uniform(size, seed: 50 + i, 0.1, 1.9),
            };
            points.Add(Array.ConvertAll(sample, static value => (double)value));
        }
    }

    private int Layers => description.Layers.Count;

    private FlowParameters Start(int seed)
    {
        var parameters = new FlowParameters(description);
        foreach (var layer in description.Layers)
        {
            var (trainables, buffers) = parameters.LayerParts(layer);
            layer.Start(trainables, buffers, new ParameterRandom((ulong)seed, layer.Index));
        }

        return parameters;
    }

    private void AddInterpreter(int seed)
    {
        var parameters = Start(seed);
        FlowFixture.Scramble(parameters, seed: seed + 1);
        interpreters.Add(new ReferenceInterpreter(description, parameters));
    }

    /// <summary>What is wrong with the flow, layer by layer: a singular Jacobian, a log-det that is not its determinant's, a dependence that is denied, an inverse that is none.</summary>
    /// <param name="proofs">What is proved about each layer, which the Jacobian must not contradict.</param>
    public IEnumerable<string> Faults(IReadOnlyList<LayerProof> proofs)
    {
        foreach (var interpreter in interpreters.Take(1))
        {
            double[] state = (double[])points[0].Clone();
            for (int layer = 0; layer < Layers; layer++)
            {
                double[] input = (double[])state.Clone();
                double logDet = interpreter.Forward(state, layer, layer + 1);

                // Unbounded scales one upon the other: a shift swallows what was scaled, and numbers tell nothing any more. About one flow in ten thousand.
                if (Math.Abs(logDet) > 12 + (2 * size) || !Array.TrueForAll(state, static value => Math.Abs(value) < 1e8))
                {
                    yield break;
                }

                double[] back = (double[])state.Clone();
                _ = interpreter.Inverse(back, layer, layer + 1);
                string name = description.Layers[layer].Declaration;
                for (int i = 0; i < size && !(description.Layers[layer] is ElementwiseLayer && Math.Abs(input[i]) > 15); i++)
                {
                    // What rounding leaves of a number where a function of the user's is all but flat.
                    double flat = description.Layers[layer] is ElementwiseLayer { Function: { } function } ? 1e-15 * Math.Max(1, Math.Abs(state[i])) * Math.Exp(-function.LogDerivative(input[i])) : 0;
                    if (!(Math.Abs(back[i] - input[i]) <= (1e-7 * Math.Max(1, Math.Abs(input[i]))) + flat))
                    {
                        yield return $"layer {layer}, {name}: {input[i]} comes back as {back[i]}";
                    }
                }

                // Of a function at its end no digit is left.
                if (description.Layers[layer] is ElementwiseLayer && input.Any(static x => Math.Abs(x) > 15))
                {
                    continue;
                }

                int at = layer;
                var jacobian = ReferenceJacobian.Whole(x => interpreter.Forward(x, at, at + 1), input, structure: null);
                if (!jacobian.IsResolved)
                {
                    continue;
                }

                if (!(Math.Abs(jacobian.LogAbsDet - logDet) <= 3e-5 * Math.Max(1, Math.Abs(logDet))))
                {
                    yield return $"layer {layer}, {name}: log-det {logDet}, of the Jacobian {jacobian.LogAbsDet}";
                }

                if (!double.IsFinite(jacobian.LogAbsDet))
                {
                    yield return $"layer {layer}, {name}: the Jacobian is singular";
                }

                foreach (string contradiction in Contradictions(proofs[layer], description.Layers[layer], jacobian.Values))
                {
                    yield return $"layer {layer}, {name}: {contradiction}";
                }

                for (int output = 0; output < size; output++)
                {
                    for (int from = 0; from < size; from++)
                    {
                        if (jacobian.Values[output, from] != 0 && !LayerOnEvent.MayDepend(description.Layers[layer], output, from))
                        {
                            yield return $"layer {layer}, {name}: output {output} depends on {from}";
                        }
                    }
                }
            }
        }
    }

    /// <summary>More weights: units that are off under those so far may hide that a result depends on a coordinate.</summary>
    public void AddWeights(int count)
    {
        for (int i = 0; i < count; i++)
        {
            AddInterpreter(interpreters.Count);
        }
    }

    /// <summary>The results of the first layer for levels of the data, and the means of the latents of all, before anything was learned.</summary>
    public (double[] First, double[] Means) AtStart(int levels)
    {
        var interpreter = new ReferenceInterpreter(description, Start(0));
        var first = new List<double>();
        double[] means = new double[size];
        for (int level = 0; level < levels; level++)
        {
            double[] state = [.. Enumerable.Repeat(level + 0.5, size)];
            _ = interpreter.Forward(state, 0, 1);
            first.AddRange(state);
            _ = interpreter.Forward(state, 1, Layers);
            for (int i = 0; i < size; i++)
            {
                means[i] += state[i] / levels;
            }
        }

        return ([.. first], means);
    }

    /// <summary>Whether a result changes with a coordinate, at any point and under any weights.</summary>
    public bool[,] Dependence(int first, int last)
    {
        bool[,] depends = new bool[size, size];
        foreach (var interpreter in interpreters)
        {
            foreach (double[] point in points)
            {
                double[,] change = Change(interpreter, point, first, last);
                for (int output = 0; output < size; output++)
                {
                    for (int input = 0; input < size; input++)
                    {
                        // Where scales have overflowed there is no number to say so.
                        depends[output, input] |= change[output, input] != 0 && !double.IsNaN(change[output, input]);
                    }
                }
            }
        }

        return depends;
    }

    /// <summary>
    /// The coordinates that the weights have no say in but by a scale: a latent depends on each alone, and how much it changes here, compared with there, is the same whatever
    /// the weights.
    /// </summary>
    /// <param name="scales">Whether a scale of its own, or any curve, counts as a say.</param>
    public List<int> Unlearned(bool scales)
    {
        bool[,] depends = Dependence(0, Layers);
        var unlearned = new List<int>();
        for (int coordinate = 0; coordinate < size; coordinate++)
        {
            foreach (int latent in Enumerable.Range(0, size).Where(latent => depends[latent, coordinate] && Alone(depends, latent)))
            {
                double[][] changes = [.. interpreters.Select(interpreter => points.Select(point => Change(interpreter, point, 0, Layers)[latent, coordinate]).ToArray())];
                if (changes.All(change => scales ? change.All(step => Near(step, changes[0][0])) : Near(change[1] / change[0], changes[0][1] / changes[0][0])))
                {
                    unlearned.Add(coordinate);
                }
            }
        }

        return unlearned;
    }

    /// <summary>The number of results of the first layers, among some of them, that depend on one coordinate alone, by a curve in which weights have no say but by a scale.</summary>
    public int Unlearned(int layers, int from, int to)
    {
        bool[,] depends = Dependence(0, layers);
        return Enumerable.Range(from, to - from).Where(output => Alone(depends, output)).Count(output =>
        {
            int input = Enumerable.Range(0, size).First(input => depends[output, input]);
            double[] ratios = [.. interpreters.Select(interpreter => Change(interpreter, points[1], 0, layers)[output, input] / Change(interpreter, points[0], 0, layers)[output, input])];
            return ratios.All(ratio => Near(ratio, ratios[0]));
        });
    }

    /// <summary>
    /// The number of coordinates that layers leave to themselves: each result depends on one of them alone, by a slope that is the same everywhere. They are looked at by
    /// themselves, from where digits are left: scales without a bound before them may have led anywhere.
    /// </summary>
    public int CarriedThrough(int first, int last)
    {
        double[][,,] changes = [.. interpreters.Select(interpreter => Changes(interpreter, first, last))];
        return Enumerable.Range(0, size).Count(output =>
        {
            int[] inputs = [.. Enumerable.Range(0, size).Where(input => changes.Any(change => Enumerable.Range(0, Points).Any(point => change[point, output, input] is not 0 and not double.NaN)))];
            return inputs is [var input] && changes.All(change => Near(change[0, output, input], change[1, output, input]));
        });
    }

    private double[,,] Changes(ReferenceInterpreter interpreter, int first, int last)
    {
        double[,,] changes = new double[Points, size, size];
        for (int point = 0; point < Points; point++)
        {
            double[,] change = ChangeFrom(interpreter, points[point], first, last);
            for (int output = 0; output < size; output++)
            {
                for (int input = 0; input < size; input++)
                {
                    changes[point, output, input] = change[output, input];
                }
            }
        }

        return changes;
    }

    /// <summary>Whether the log-determinant is one number, whatever the sample and the weights.</summary>
    public bool PreservesVolume()
    {
        // Curves may be straight where the data is: the interpreter takes numbers from anywhere in the domain.
        double[] logDets =
        [
            .. interpreters.SelectMany(interpreter => ((double[])[-700, -3, -0.4, 0.1, 0.6, 0.9, 5, 900])
                .Select(value => interpreter.Forward([.. Enumerable.Range(0, size).Select(i => value * (1 + (0.01 * i)))], 0, Layers)))
                .Where(double.IsFinite),
        ];
        return logDets.All(logDet => Near(logDet, logDets[0]));
    }

    /// <summary>The lowest and the highest number that the first layers make of samples far out.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="far">Whether samples go as far out as double precision does, rather than to 1000.</param>
    public (double Low, double High) Extremes(int layers, bool far = false)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (var interpreter in interpreters)
        {
            for (int i = -40; i <= 40; i++)
            {
                // Inside (0, 1) where the data is, or the whole line.
                double value = description.Layers[0] is LogitLayer ? (i + 40.5) / 81 : description.Bins is { } bins ? (i + 40.5) / 81 * bins : far ? Math.Sign(i) * Math.Pow(10, Math.Abs(i) * 7.5) : 25.0 * i;
                double[] state = [.. Enumerable.Repeat(value, size)];
                _ = interpreter.Forward(state, 0, layers);
                var seen = state.Skip(description.Layers[layers - 1].Emitted).Where(double.IsFinite).ToList();
                low = Math.Min(low, seen.DefaultIfEmpty(low).Min());
                high = Math.Max(high, seen.DefaultIfEmpty(high).Max());
            }
        }

        return (low, high);
    }

    /// <summary>The layer that has no inverse of what latents of the prior lead to; null if there is none.</summary>
    public int? Unreached()
    {
        foreach (var interpreter in interpreters)
        {
            foreach (double value in (double[])[-3, -1.5, -0.5, 0.5, 1.5, 3])
            {
                double[] state = [.. Enumerable.Range(0, size).Select(i => value + (0.1 * i))];
                for (int layer = Layers - 1; layer >= 0 && state.All(z => Math.Abs(z) < Farthest(layer)); layer--)
                {
                    _ = interpreter.Inverse(state, layer, layer + 1);
                    if (state.Any(double.IsNaN))
                    {
                        // Beyond what double precision holds of a sum's modules there may be one all the same.
                        if (description.Layers[layer] is SumLayer && Reaches(interpreter, layer))
                        {
                            break;
                        }

                        return layer;
                    }
                }
            }
        }

        return null;
    }

    // Whether far samples go beyond latents of the prior on both sides.
    private bool Reaches(ReferenceInterpreter interpreter, int layer)
    {
        double[] high = [.. Enumerable.Repeat(1e100, size)];
        double[] low = [.. Enumerable.Repeat(-1e100, size)];
        _ = interpreter.Forward(high, layer, layer + 1);
        _ = interpreter.Forward(low, layer, layer + 1);
        return Enumerable.Range(0, size).All(i => Math.Max(high[i], low[i]) > 4 && Math.Min(high[i], low[i]) < -4);
    }

    // The inverse of a logarithm leaves double precision soon.
    private double Farthest(int layer) => description.Layers[layer] is ElementwiseLayer { Function: not null } ? 10 : 1e6;

    /// <summary>How much each result of some layers changes with a step of each of their inputs.</summary>
    private double[,] Change(ReferenceInterpreter interpreter, double[] point, int first, int last)
    {
        double[] start = (double[])point.Clone();
        _ = interpreter.Forward(start, 0, first);
        return ChangeFrom(interpreter, start, first, last);
    }

    private double[,] ChangeFrom(ReferenceInterpreter interpreter, double[] start, int first, int last)
    {
        double[] center = (double[])start.Clone();
        _ = interpreter.Forward(center, first, last);
        double[,] change = new double[size, size];
        for (int input = 0; input < size; input++)
        {
            double[] moved = (double[])start.Clone();
            moved[input] += Step;
            _ = interpreter.Forward(moved, first, last);
            for (int output = 0; output < size; output++)
            {
                change[output, input] = moved[output] - center[output];
            }
        }

        return change;
    }

    // A layer of rows is looked at on the coordinates that it sees, in the order that its form names.
    private static IEnumerable<string> Contradictions(LayerProof proof, LayerDescription layer, double[,] jacobian)
    {
        if (!proof.Form.HasDiagonal)
        {
            yield break;
        }

        int first = layer.Emitted;
        int[] rank = [.. Enumerable.Range(0, layer.Input.Size).Select(i => Rank(proof.Form.Order, layer.Input, i))];
        for (int output = 0; output < rank.Length; output++)
        {
            for (int input = 0; input < rank.Length; input++)
            {
                double value = jacobian[first + output, first + input];
                if (output == input ? value < proof.Diagonal.Low - 1e-7 || value > proof.Diagonal.High + 1e-7 || (proof.Diagonal.IsNonzero && value == 0) : value != 0 && !Allows(proof.Form.Pattern, rank[output], rank[input]))
                {
                    yield return $"derivative {value} of {output} by {input} in a Jacobian proved to be {proof.Form}, {proof.Diagonal}";
                }
            }
        }
    }

    private static bool Allows(JacobianPattern pattern, int output, int input) => pattern switch
    {
        JacobianPattern.Diagonal => false,
        JacobianPattern.Lower => input < output,
        _ => input > output,
    };

    /// <summary>Where a coordinate is in an order.</summary>
    internal static int Rank(string order, FlowGen.EventShape shape, int coordinate) => order switch
    {
        "even indices, odd indices" => coordinate % 2,
        "channel by channel" or "index" => coordinate,
        "pixel by pixel" => (coordinate % shape.Pixels * shape.Channels) + (coordinate / shape.Pixels),
        "first half, second half" => coordinate / shape.Pixels < (shape.Channels + 1) / 2 ? 0 : 1,
        "even pixels, odd pixels" => ((coordinate % shape.Pixels / shape.Width) + (coordinate % shape.Width)) % 2,
        _ => 0,
    };

    private bool Alone(bool[,] depends, int output) => Enumerable.Range(0, size).Count(input => depends[output, input]) == 1;

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-6 * Math.Max(1e-6, Math.Max(Math.Abs(a), Math.Abs(b)));
}
