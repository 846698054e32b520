using System.Globalization;
using FlowGen.Random;

namespace FlowGen.Verification;

// Gradients against differences of the reference.
internal sealed partial class VerificationRun
{
    private const double GradientTolerance = 1e-4;
    private const int EvaluationsPerDerivative = 7;
    private const int FewestGradientSamples = 4;
    private const int PullbackStream = 1_000_003;

    /// <summary>The loss and its gradients by the parameters, in both memory modes, and with batch statistics where a layer has them.</summary>
    private void CheckGradients()
    {
        var (count, perTensor) = PlanGradients();
        notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"Gradients on {count} of {total} samples: up to {perTensor} parameters of each tensor by themselves, and all of them along a random direction."));
        int[] chosen = Spread(count);
        float[] x = Rows(samples, chosen);
        float[] stored = new float[flow.TrainableCount];
        float[] recomputed = new float[flow.TrainableCount];
        double storedLoss = engine.LossGradient(x, stored, new GradientOptions { Memory = MemoryMode.Stored });
        double recomputedLoss = engine.LossGradient(x, recomputed, new GradientOptions { Memory = MemoryMode.Recompute });
        var states = new LayerStates(reference, x, FlowMode.Evaluation);
        double expected = states.Loss;
        var loss = new CheckTally(null, flow.Name, VerificationCheck.Loss);
        foreach (double actual in (double[])[storedLoss, recomputedLoss])
        {
            if (double.IsFinite(expected))
            {
                loss.Add(Math.Abs(actual - expected), FlowTolerance * Math.Max(1, Math.Abs(expected)), new CheckPlace(-1, "mean over the batch"));
            }
            else
            {
                loss.Skip();
            }
        }

        rows.Add(loss.ToRow());
        CheckParameters(states, perTensor, (VerificationCheck.StoredGradient, stored), (VerificationCheck.RecomputedGradient, recomputed));
        if (count > 1 && flow.Layers.Any(static layer => layer is IBatchCoupledLayer))
        {
            float[] training = new float[flow.TrainableCount];
            _ = engine.LossGradient(x, training, new GradientOptions { Mode = FlowMode.Training });
            CheckParameters(new LayerStates(reference, x, FlowMode.Training), perTensor, (VerificationCheck.TrainingGradient, training));
        }
    }

    private (int Samples, int PerTensor) PlanGradients()
    {
        int count = Math.Min(options.Samples, total);
        int perTensor = options.ParametersPerTensor;
        int tensors = flow.Tensors.Count(static tensor => tensor.IsTrainable);

        // A parameter's differences start at its layer: half the flow on average.
        long Work() => (long)tensors * (perTensor + 1) * EvaluationsPerDerivative * count * costs.Sum() / 2;
        while (count > FewestGradientSamples && Work() > options.Effort)
        {
            count--;
        }

        while (perTensor > 1 && Work() > options.Effort)
        {
            perTensor--;
        }

        while (count > 1 && Work() > options.Effort)
        {
            count--;
        }

        return (count, perTensor);
    }

    private void CheckParameters(LayerStates states, int perTensor, params (VerificationCheck Check, float[] Gradient)[] actual)
    {
        foreach (var layer in flow.Layers)
        {
            var own = layer.Tensors.Where(static tensor => tensor.IsTrainable).ToList();
            if (own.Count == 0)
            {
                continue;
            }

            var tallies = actual.Select(part => new CheckTally(layer, layer.Kind, part.Check)).ToList();
            foreach (var tensor in own)
            {
                var differences = Differentiate(states, layer, tensor, perTensor);
                double allowed = GradientTolerance * Largest([.. differences.Select(static part => double.IsFinite(part.Derivative) ? part.Derivative : 0)]);
                for (int i = 0; i < actual.Length; i++)
                {
                    foreach (var (direction, derivative, place) in differences)
                    {
                        if (double.IsFinite(derivative))
                        {
                            tallies[i].Compare(direction.Along(actual[i].Gradient), derivative, allowed, place);
                        }
                        else
                        {
                            tallies[i].Skip();
                        }
                    }
                }
            }

            rows.AddRange(tallies.Select(static tally => tally.ToRow()));
        }
    }

    private List<(ParameterDirection Direction, double Derivative, CheckPlace Place)> Differentiate(
        LayerStates states, LayerDescription layer, TensorDescription tensor, int perTensor)
    {
        var random = new ParameterRandom(options.Seed, PullbackStream + tensor.Offset);
        var directions = new List<(ParameterDirection Direction, CheckPlace Place)>();
        foreach (int index in Draw(random, perTensor, tensor.Count))
        {
            directions.Add((ParameterDirection.Single(tensor.Offset + index), new CheckPlace(-1, tensor.Name, index)));
        }

        if (tensor.Count > perTensor)
        {
            directions.Add((ParameterDirection.All(tensor.Offset, tensor.Count, random), new CheckPlace(-1, $"{tensor.Name} along a random direction")));
        }

        return [.. directions.Select(part => (part.Direction, states.Derivative(layer.Index, part.Direction), part.Place))];
    }

    /// <summary>Pullback of random upstream gradients, and the score, against the Jacobian of the reference.</summary>
    private sealed class InputGradients
    {
        private readonly VerificationRun run;
        private readonly float[] upstream;
        private readonly float[] upstreamLogDet;
        private readonly float[] pulled;
        private readonly float[] score;

        public InputGradients(VerificationRun run, float[] x, int count)
        {
            this.run = run;
            var random = new ParameterRandom(run.options.Seed, PullbackStream);
            upstream = [.. x.Select(_ => (float)random.Normal())];
            upstreamLogDet = [.. Enumerable.Range(0, count).Select(_ => (float)random.Normal())];
            pulled = new float[x.Length];
            score = new float[x.Length];
            run.engine.Pullback(x, upstream, upstreamLogDet, pulled, []);
            run.engine.Score(x, score);
        }

        public void Check(CheckTally tally, ReferenceJacobian jacobian, double[] latent, int row, int sample)
        {
            int size = run.size;
            int[] columns = run.IsSmall ? [.. Enumerable.Range(0, size)] : run.Coordinates(run.options.Coordinates);
            double[] expected = new double[columns.Length];
            double[] expectedScore = new double[columns.Length];
            for (int i = 0; i < columns.Length; i++)
            {
                expected[i] = upstreamLogDet[row] * jacobian.LogDetGradient[columns[i]];
                expectedScore[i] = jacobian.LogDetGradient[columns[i]];
                for (int output = 0; output < size; output++)
                {
                    double derivative = jacobian.Values[output, columns[i]];
                    expected[i] += upstream[(row * size) + output] * derivative;
                    expectedScore[i] += run.reference.PriorScore(latent[output]) * derivative;
                }
            }

            for (int i = 0; i < columns.Length; i++)
            {
                int at = (row * size) + columns[i];
                tally.Compare(pulled[at], expected[i], GradientTolerance * Largest(expected), new CheckPlace(sample, "pullback", columns[i]));
                tally.Compare(score[at], expectedScore[i], GradientTolerance * Largest(expectedScore), new CheckPlace(sample, "score", columns[i]));
            }
        }
    }
}
