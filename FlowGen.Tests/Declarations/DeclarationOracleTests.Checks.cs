using System.Globalization;
using System.Text.RegularExpressions;
using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Model;
using FlowGen.Layers;
using Microsoft.CodeAnalysis;
using Xunit;
using Shape = FlowGen.Generator.Model.EventShape;

namespace FlowGen.Tests.Declarations;

// What must hold of a sound flow, by the interpreter in double precision.
public sealed partial class DeclarationOracleTests
{
    // A flow of one function, by itself or among other layers.
    private static RandomDeclaration FunctionFlow(string name, System.Random random)
    {
        var kind = random.Next(3) == 0 ? FunctionKind.Kinked + random.Next(5) : FunctionKind.Sound;
        var function = FunctionGrammar.Create(random, kind);
        string layer = $"Elementwise(nameof({function.Name}))";
        bool image = random.Next(4) == 0;
        var shape = image ? Shape.Image(random.Next(1, 4), random.Next(1, 3), random.Next(1, 3)) : Shape.Vector(random.Next(1, 4));
        string[] layers = random.Next(8) switch
        {
            0 or 1 => [layer],
            2 => ["ActNorm", layer],
            3 => ["Elementwise(Activation.Sigmoid)", random.Next(2) == 0 ? "ActNorm" : "Reverse", layer],
            4 => ["Elementwise(Activation.Softplus)", layer, "Rescale", "Elementwise(Activation.Elu)"],
            5 => [layer, "Rescale", layer],
            6 => ["Reverse", layer, "Elementwise(Activation.Tanh)"],
            _ => [layer, shape.Size == 1 ? "Rescale" : image ? "Invertible1x1Conv" : VectorGrammar.Coupling(random)],
        };
        string head = image ? $"{VectorGrammar.Of(shape.Channels)}, {VectorGrammar.Of(shape.Height)}, {VectorGrammar.Of(shape.Width)}" : VectorGrammar.Of(shape.Size);
        return new RandomDeclaration(name, head, shape, Flows.FlowData.Real, layers, FunctionFaults.GetValueOrDefault(kind)) { Functions = [function] };
    }

    /// <summary>Holds what is said of functions against samples of them.</summary>
    /// <returns>Whether nothing was found out, so that there is nothing more to compare.</returns>
    private static bool CheckFunctions(RandomDeclaration declaration, FlowModel? flow, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        bool undecided = false;
        foreach (var function in declaration.Functions)
        {
            bool open = FunctionClaims.IsUndecided(function.Kind, found);
            undecided |= open;
            Add(counts, $"function: {function.Kind}{(open ? ", undecided" : "")}");
            if (open ? flow is not null : function.Kind == FunctionKind.Kinked && !found.Exists(static diagnostic => diagnostic.Id == DiagnosticIds.FunctionNotDifferentiable))
            {
                disagree($"{function.Kind} is not reported");
            }

            foreach (string contradiction in FunctionClaims.Contradictions(function, found).Concat(flow is null ? [] : FunctionClaims.Contradictions(function, flow)).Take(3))
            {
                disagree(contradiction);
            }

            if (!function.Shows())
            {
                disagree($"the function is not {function.Kind}");
            }
        }

        return undecided;
    }

    // What the generator printed of a function, in double precision.
    private static void CompareFunctions(FlowDescription description, IReadOnlyList<RandomFunction> functions)
    {
        foreach (var compiled in description.Layers.OfType<ElementwiseLayer>().Select(static layer => layer.Function).OfType<ScalarFunctionDescription>())
        {
            var function = functions.Single(function => function.Name == compiled.Name);
            foreach (double x in RandomFunction.Samples.Where(static x => Math.Abs(x) < 6))
            {
                double value = function.Value(x);
                Assert.Equal(value, compiled.Value(x), 1e-9 * (1 + Math.Abs(value)));
                double slope = Math.Abs(function.Slope(x));
                if (slope > 1e-3)
                {
                    Assert.Equal(Math.Log(slope), compiled.LogDerivative(x), 1e-9 / slope * (1 + Math.Abs(value)));
                }
            }
        }
    }

    private static void CheckFlow(RandomDeclaration declaration, FlowModel flow, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        var description = DescriptionFactory.Create(flow, declaration.Functions);
        var facts = new NumericalFacts(description, declaration.Data);
        var layers = description.Layers;
        foreach (string fault in facts.Faults([.. flow.Layers.Select(static layer => layer.Layer.Proof)]))
        {
            disagree($"no error, but {fault}");
        }

        Add(counts, "layers whose Jacobian, log-det, zeros and inverse were computed", layers.Count);
        CheckSmoothness(flow, facts, counts, disagree);

        // Coverage.
        string? untransformed = Message(found, DiagnosticIds.Untransformed);
        bool mixes = layers.Any(Mixes);
        int unlearned = facts.Unlearned(scales: !mixes).Count;
        int reported = untransformed is null ? 0 : Listed(untransformed, declaration.Size);
        if (reported == 0 && unlearned > 0 && !HasCurve(layers))
        {
            facts.AddWeights(60);
            unlearned = facts.Unlearned(scales: !mixes).Count;
        }

        if (reported > unlearned || (reported == 0 && unlearned > 0 && !HasCurve(layers)))
        {
            disagree($"{reported} coordinates are reported as never transformed, {unlearned} are");
        }

        // Couplings that are one.
        CheckRepeats(facts, layers, found, counts, disagree);

        // A logit and the sigmoid that takes it back are one linear map, which is looked for nowhere.
        bool isReported = Message(found, DiagnosticIds.VolumePreserving) is not null;
        if (isReported != facts.PreservesVolume() && (isReported || !CancelsLogit(layers)))
        {
            disagree($"preserves volume: {facts.PreservesVolume()}");
        }

        CheckSplits(facts, description, found, counts, disagree);
        CheckTriangles(facts, layers, found, counts, disagree);
        CheckOrders(facts, layers, found, counts, disagree);

        // Mixing.
        bool[,] depends = facts.Dependence(0, layers.Count);
        int independent = depends.Cast<bool>().Count(static value => !value);
        if (Message(found, DiagnosticIds.IncompleteMixing) is null && independent > 0 && mixes && untransformed is null && !declaration.Shape.IsImage)
        {
            facts.AddWeights(60);
            depends = facts.Dependence(0, layers.Count);
            independent = depends.Cast<bool>().Count(static value => !value);
        }

        if (Message(found, DiagnosticIds.IncompleteMixing) is { } mixing)
        {
            int said = int.Parse(Number().Match(mixing[mixing.IndexOf("', ", StringComparison.Ordinal)..]).Value, CultureInfo.InvariantCulture);
            if (said < independent)
            {
                facts.AddWeights(60);
                independent = facts.Dependence(0, layers.Count).Cast<bool>().Count(static value => !value);
            }

            // Of many leaky slopes in a row double precision leaves nothing on one side.
            if (said != independent && !(said < independent && layers.Count(static layer => layer is ElementwiseLayer { Activation: Activation.LeakyRelu, Function: null }) > 5))
            {
                disagree($"{independent} pairs are independent");
            }
        }
        else if (independent > 0 && mixes && untransformed is null && !declaration.Shape.IsImage)
        {
            disagree($"{independent} pairs are independent, and nothing is said");
        }

        CheckMixing(description, depends, counts, disagree);

        // Range.
        if (Message(found, DiagnosticIds.RangeOfLastLayers) is { } range)
        {
            var (low, high) = Interval(range);
            int last = int.Parse(Number().Match(range).Value, CultureInfo.InvariantCulture);
            var extremes = facts.Extremes(1 + last);
            if (!(extremes.Low >= low - 1e-9 && extremes.High <= high + 1e-9))
            {
                disagree($"values from {extremes.Low} to {extremes.High}");
            }

            // Where no weights are before it, samples far out come up to the ends.
            bool exact = declaration.Data == Flows.FlowData.Real && layers.Take(1 + last).All(static layer => layer is ElementwiseLayer or LogitLayer or PermuteLayer or ReverseLayer or ShuffleLayer or SqueezeLayer);
            if (exact)
            {
                // Slow functions need to go further out than fast ones can.
                var (farLow, farHigh) = facts.Extremes(1 + last, far: true);
                extremes = (Math.Min(extremes.Low, farLow), Math.Max(extremes.High, farHigh));
            }

            Add(counts, $"ranges, {(exact ? "with ends that are attained" : "behind weights")}");
            if (exact && (extremes.Low > Math.Max(low, -1e3) + 0.02 || extremes.High < Math.Min(high, 1e3) - 0.02) && double.IsFinite(low + high))
            {
                disagree($"values from {extremes.Low} to {extremes.High} only");
            }
        }
        else if (facts.Unreached() is { } layer)
        {
            disagree($"latents of the prior have no inverse by layer {layer}");
        }

        CheckNumerics(facts, description, found, counts, disagree);
    }

    private static void CheckRepeats(NumericalFacts facts, IReadOnlyList<LayerDescription> layers, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        // A rule speaks once for an attribute, however many of its copies it concerns.
        int reported = found.Count(static diagnostic => diagnostic.Id == DiagnosticIds.SamePartition);
        var (pairs, repeats, most) = CountRepeats(facts, layers);
        if (reported > most || (reported == 0 && repeats > 0))
        {
            facts.AddWeights(60);
            (pairs, repeats, most) = CountRepeats(facts, layers);
        }

        Add(counts, "pairs of couplings", pairs);
        if (reported > most || (reported == 0 && repeats > 0))
        {
            disagree($"{repeats} couplings add nothing to the one before them");
        }
    }

    private static (int Pairs, int Repeats, int Most) CountRepeats(NumericalFacts facts, IReadOnlyList<LayerDescription> layers)
    {
        int pairs = 0;
        int repeats = 0;
        int most = 0;
        int last = -1;
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] is not (AffineCouplingLayer or AdditiveCouplingLayer))
            {
                continue;
            }

            if (last >= 0)
            {
                int both = facts.CarriedThrough(last, i + 1);
                int first = facts.CarriedThrough(last, last + 1);
                int second = facts.CarriedThrough(i, i + 1);

                // Behind a triangular map, or a curve that happens to be straight, they may be one coupling, of which the rule need not speak.
                bool isExpected = !Enumerable.Range(last, i - last).Any(between => layers[between] is MaskedConvLayer or MintLayer or ElementwiseLayer or SinhArcsinhLayer or SumLayer);
                pairs += isExpected ? 1 : 0;
                repeats += isExpected && both > 0 && both == first && both == second ? 1 : 0;

                // Units that are off carry more through than the partition says.
                most += both > 0 && both >= Math.Min(first, second) ? 1 : 0;
            }

            last = i;
        }

        return (pairs, repeats, most);
    }

    private static bool HasCurve(IReadOnlyList<LayerDescription> layers) => layers.Any(static layer => layer is ElementwiseLayer or MintLayer or SinhArcsinhLayer or SumLayer);

    // What the generator printed of a function, in single precision: values, slopes and second derivatives, as code runs them.
    private static void CompareCompiledFunction(IFlow compiled, RandomFunction function)
    {
        int size = compiled.Engine.Description.EventShape.Size;
        float[] x = [.. Enumerable.Range(0, 24 * size).Select(i => (i - (12f * size)) / (4f * size))];
        float[] z = new float[x.Length];
        float[] logDet = new float[24];
        compiled.Forward(x, z, logDet);
        float[] gradX = new float[x.Length];
        compiled.Pullback(x, new float[x.Length], [.. Enumerable.Repeat(1f, 24)], gradX, []);
        for (int i = 0; i < x.Length; i++)
        {
            double value = function.Value(x[i]);
            double slope = Math.Abs(function.Slope(x[i]));
            Assert.Equal(value, z[i], 1e-4 * (1 + Math.Abs(value) + (slope * Math.Abs(x[i]))));
            if (slope < 0.05)
            {
                continue;
            }

            // Both sides by themselves: at a joint they need not agree.
            double at = Math.Log(slope);
            double left = (at - Math.Log(Math.Abs(function.Slope(x[i] - 1e-5)))) / 1e-5;
            double right = (Math.Log(Math.Abs(function.Slope(x[i] + 1e-5))) - at) / 1e-5;
            double allowed = 1e-3 * (1 + Math.Abs(left) + (1 / slope));
            if (Math.Abs(left - right) < allowed)
            {
                Assert.Equal((left + right) / 2, gradX[i], allowed);
            }
        }

        for (int sample = 0; sample < logDet.Length; sample++)
        {
            double[] logs = [.. x.Skip(sample * size).Take(size).Select(value => Math.Log(Math.Abs(function.Slope(value))))];
            if (logs.All(static log => log > -3))
            {
                Assert.Equal(logs.Sum(), logDet[sample], 1e-3 * size);
            }
        }
    }

    private static bool Mixes(LayerDescription layer) => layer switch
    {
        Invertible1x1ConvLayer => layer.Input.Channels > 1,
        InvertibleLinearLayer or MaskedConvLayer or MintLayer => layer.Input.Size > 1,
        SumLayer sum => sum.First.Concat(sum.Second).Any(Mixes),
        SplitLayer split => split.Prior == FlowGen.SplitPrior.Learned,
        _ => layer is AffineCouplingLayer or AdditiveCouplingLayer,
    };

    // No jump of a derivative where none is claimed; where one is, it is looked for.
    private static void CheckSmoothness(FlowModel flow, NumericalFacts facts, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        for (int layer = 0; layer < flow.Layers.Count; layer++)
        {
            var claimed = flow.Layers[layer].Layer.Proof.Smoothness;

            // Of those in which nothing bends, one in four; outside its domain a logit is no function.
            if (flow.Layers[layer].Layer is FlowGen.Generator.Layers.LogitLayer || (claimed == Smoothness.Smooth && flow.Shape.IsImage && layer % 4 != 0))
            {
                continue;
            }

            var (seen, at) = facts.SmoothnessOf(layer, layer);
            Add(counts, $"smoothness: {claimed}{(claimed == Smoothness.Smooth ? "" : seen == claimed ? ", a jump is seen" : ", none is seen")}");
            if (seen < claimed)
            {
                disagree(FormattableString.Invariant($"layer {layer} is said to be {claimed}, but a derivative jumps at {at}: {seen}"));
            }
        }
    }

    // How many coordinates a latent can depend on, as the description says.
    private static void CheckMixing(FlowDescription description, bool[,] depends, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        int size = depends.GetLength(0);
        int[] seen = [.. Enumerable.Range(0, size).Select(latent => Enumerable.Range(0, size).Count(coordinate => depends[latent, coordinate]))];
        bool all = description.Facts.Any(static fact => fact.StartsWith("Every latent can depend on every", StringComparison.Ordinal));
        var range = description.Facts.Select(static fact => Dependences().Match(fact)).FirstOrDefault(static match => match.Success);
        if (!all && range is null)
        {
            return;
        }

        int fewest = all ? size : int.Parse(range!.Groups[1].Value, CultureInfo.InvariantCulture);
        int most = all ? size : range!.Groups[2].Success ? int.Parse(range.Groups[2].Value, CultureInfo.InvariantCulture) : fewest;
        bool same = seen.Min() == fewest && seen.Max() == most;
        Add(counts, $"mixing: {(all ? "all on all" : "bounds of the dependence")}{(same ? ", attained" : ", not attained")}");
        if (seen.Min() > fewest || seen.Max() > most)
        {
            disagree($"latents depend on {seen.Min()} to {seen.Max()} coordinates, {fewest} to {most} are claimed");
        }
    }

    // Numbers that leave for the latent as they are, or scaled.
    private static void CheckSplits(NumericalFacts facts, FlowDescription description, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        var layers = description.Layers;
        var reported = found.Where(static diagnostic => diagnostic.Id == DiagnosticIds.SplitUntouched)
            .Select(static diagnostic => Number().Matches(diagnostic.GetMessage(CultureInfo.InvariantCulture)).Select(static match => int.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray())
            .ToDictionary(static numbers => numbers[0], static numbers => numbers[1]);
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] is not SplitLayer)
            {
                continue;
            }

            Add(counts, "splits");
            int emitted = i + 1 < layers.Count ? layers[i + 1].Emitted : description.EventShape.Size - description.LatentShape.Size;
            int carried = facts.Unlearned(i + 1, layers[i].Emitted, emitted);
            int said = reported.GetValueOrDefault(i);
            if (said == 0 && carried > 0 && !HasCurve(layers))
            {
                facts.AddWeights(60);
                carried = facts.Unlearned(i + 1, layers[i].Emitted, emitted);
            }

            if (said > carried || (said == 0 && carried > 0 && !HasCurve(layers)))
            {
                disagree($"layer {i} lets {carried} coordinates leave as they are, {said} are reported");
            }
        }
    }

    private static bool CancelsLogit(IReadOnlyList<LayerDescription> layers) =>
        layers.Any(static layer => layer is LogitLayer) && layers.Any(static layer => layer is ElementwiseLayer { Activation: Activation.Sigmoid });

    // Two layers of one orientation are one triangular map; what divides a pair changes places.
    private static void CheckTriangles(NumericalFacts facts, IReadOnlyList<LayerDescription> layers, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        foreach (var diagnostic in found.Where(static diagnostic => diagnostic.Id is DiagnosticIds.SameTriangle or DiagnosticIds.SameTriangleOfVector or DiagnosticIds.PairDivided))
        {
            int[] which = [.. Layer().Matches(diagnostic.GetMessage(CultureInfo.InvariantCulture)).Select(static match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
            if (which.Length < 2)
            {
                continue;
            }

            Add(counts, "statements about two triangular layers");
            bool[,] depends = diagnostic.Id == DiagnosticIds.PairDivided ? facts.Dependence(which[2], which[2] + 1) : facts.Dependence(which[1], which[0] + 1);
            int count = depends.Cast<bool>().Count(static value => value);
            int size = depends.GetLength(0);
            if (diagnostic.Id == DiagnosticIds.PairDivided ? Enumerable.Range(0, size).All(i => depends[i, i]) && count == size : count > size * (size + 1) / 2)
            {
                disagree($"{count} of {size * size} pairs depend on each other: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}");
            }
        }
    }

    private static string? Message(List<Diagnostic> found, string id) => found.Find(diagnostic => diagnostic.Id == id)?.GetMessage(CultureInfo.InvariantCulture);

    private static int Listed(string message, int size) => message.Contains("any coordinate", StringComparison.Ordinal)
        ? size
        : Some().Match(message) is { Success: true } some ? int.Parse(some.Groups[1].Value, CultureInfo.InvariantCulture)
        : Number().Count(message[message.IndexOf("coordinate", StringComparison.Ordinal)..]);

    private static (double Low, double High) Interval(string message)
    {
        string[] ends = message[(message.IndexOf("into (", StringComparison.Ordinal) + 6)..message.IndexOf("), but", StringComparison.Ordinal)].Split(", ");
        double End(string text, double unknown) => text switch
        {
            "infinity" => double.PositiveInfinity,
            "-infinity" => double.NegativeInfinity,
            "a bound" => unknown,
            _ => double.Parse(text, CultureInfo.InvariantCulture),
        };
        return (End(ends[0], double.NegativeInfinity), End(ends[1], double.PositiveInfinity));
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"\((\d+) of \d+\)")]
    private static partial Regex Some();

    [GeneratedRegex(@"^A latent can depend on (\d+)(?: to (\d+))? of")]
    private static partial Regex Dependences();

    [GeneratedRegex(@"[Ll]ayer (\d+)")]
    private static partial Regex Layer();
}
