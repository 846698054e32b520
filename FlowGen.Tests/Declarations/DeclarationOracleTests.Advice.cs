using System.Globalization;
using FlowGen.Generator.Diagnostics;
using FlowGen.Layers;
using Microsoft.CodeAnalysis;
using Xunit;

namespace FlowGen.Tests.Declarations;

// What is only advised against, or warned of: the property that each message states, by numbers.
public sealed partial class DeclarationOracleTests
{
    // Scales in single precision, and where bounded data go before anything was learned.
    private static void CheckNumerics(NumericalFacts facts, FlowDescription description, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        var couplings = description.Layers.OfType<AffineCouplingLayer>().ToList();
        bool overflows = couplings.Exists(static layer => !float.IsFinite(Scale(layer, 200)));
        if (overflows != Message(found, DiagnosticIds.UnboundedScale) is not null)
        {
            disagree("a scale that overflows");
        }

        bool underflows = couplings.Exists(static layer => layer.Scale == ScaleFunction.Sigmoid && Scale(layer, -106) == 0);
        if (underflows != Message(found, DiagnosticIds.ScaleWithoutFloor) is not null)
        {
            disagree("a scale that underflows");
        }

        if (description.Bins is not { } bins || description.Prior != FlowGen.Prior.StandardNormal)
        {
            Assert.Null(Message(found, DiagnosticIds.OffCentreData));
            return;
        }

        // Nothing but permutations, couplings, matrices, scales and curves of one side: the mean is where the data is.
        var (first, means) = facts.AtStart(bins);
        bool isOffCentre = Math.Sqrt(means.Sum(static mean => mean * mean)) > 1e-3;
        bool isReported = Message(found, DiagnosticIds.OffCentreData) is not null;
        Add(counts, $"bounded data before a normal prior, {(isReported ? "reported" : "centred")}");
        if (isReported && !(Array.TrueForAll(first, static value => value is > 0 and < 1) && isOffCentre))
        {
            disagree($"data from {first.Min()} to {first.Max()}, means of the latents {string.Join(", ", means)}");
        }

        if (!isReported && !description.Layers.SelectMany(Flatten).Any(static layer => layer is ActNormLayer or BatchNormLayer or StandardizeLayer or LogitLayer or MaskedConvLayer or MintLayer or SinhArcsinhLayer))
        {
            disagree("no layer centres bounded data");
        }
    }

    // The layers of sums, and of sums in them.
    private static IEnumerable<LayerDescription> Flatten(LayerDescription layer) => layer is SumLayer sum ? sum.First.Concat(sum.Second).SelectMany(Flatten) : [layer];

    private static float Scale(AffineCouplingLayer layer, float u) => layer.Scale switch
    {
        ScaleFunction.Exp => MathF.Exp(u),
        ScaleFunction.Sigmoid => (1 / (1 + MathF.Exp(-(u + 2)))) + (float)layer.ScaleFloor,
        _ => MathF.Exp(MathF.Tanh(u)),
    };

    // Halves of two orders leave a neighbour that neither sees, and halves of one order leave none; of one orientation, no latent sees what comes after it.
    private static void CheckOrders(NumericalFacts facts, IReadOnlyList<LayerDescription> layers, List<Diagnostic> found, SortedDictionary<string, int> counts, Action<string> disagree)
    {
        int[][] reported = [.. found.Where(static diagnostic => diagnostic.Id == DiagnosticIds.PairOfTwoOrders).Select(Layers)];
        for (int i = 1; i < layers.Count; i++)
        {
            // A copy of a pair that is reported is not reported again.
            bool isPair = layers[i - 1] is MintLayer one && layers[i] is MintLayer two && one.Triangle != two.Triangle && one.Kernel == two.Kernel;
            if (!isPair || layers[i].Input.Size == 1)
            {
                continue;
            }

            int unseen = Unseen(facts, layers, i - 1, i);
            bool isReported = reported.Any(which => which[0] == i);
            Add(counts, $"pairs of triangular layers, {(unseen > 0 ? "of two orders" : "of one order")}");
            if (isReported ? unseen == 0 : unseen > 0 && reported.Length == 0)
            {
                disagree($"{unseen} neighbours are seen by neither layer {i - 1} nor layer {i}");
            }
        }

        foreach (int[] which in reported)
        {
            Add(counts, "statements about two orders");
            if (Unseen(facts, layers, which[1], which[0]) == 0)
            {
                disagree($"layers {which[1]} and {which[0]} are said to be of two orders, but every neighbour is seen");
            }
        }

        foreach (var diagnostic in found.Where(static diagnostic => diagnostic.Id == DiagnosticIds.OneTriangle))
        {
            Add(counts, "statements about one orientation");
            var (triangle, _, order) = Triangular(layers[Layers(diagnostic)[0]]);
            var shape = layers[0].Input;
            bool[,] depends = facts.Dependence(0, layers.Count);
            for (int latent = 0; latent < shape.Size; latent++)
            {
                for (int coordinate = 0; coordinate < shape.Size; coordinate++)
                {
                    int after = Rank(order, shape, coordinate) - Rank(order, shape, latent);
                    if (depends[latent, coordinate] && (triangle == FlowGen.Triangle.Lower ? after > 0 : after < 0))
                    {
                        disagree($"latent {latent} depends on coordinate {coordinate}, on the other side");
                        return;
                    }
                }
            }
        }
    }

    // Neighbours within both kernels that neither of two layers reads.
    private static int Unseen(NumericalFacts facts, IReadOnlyList<LayerDescription> layers, int first, int second)
    {
        var shape = layers[second].Input;
        int from = layers[second].Emitted;
        int reach = Math.Min(Triangular(layers[first]).Kernel, Triangular(layers[second]).Kernel) / 2;
        bool[,] one = facts.Dependence(first, first + 1);
        bool[,] two = facts.Dependence(second, second + 1);
        int unseen = 0;
        for (int output = 0; output < shape.Size; output++)
        {
            for (int input = 0; input < shape.Size; input++)
            {
                bool near = !shape.IsImage
                    || (Math.Abs((output % shape.Pixels / shape.Width) - (input % shape.Pixels / shape.Width)) <= reach && Math.Abs((output % shape.Width) - (input % shape.Width)) <= reach);
                unseen += near && !one[from + output, from + input] && !two[from + output, from + input] ? 1 : 0;
            }
        }

        return unseen;
    }

    private static int Rank(FlowGen.TriangularOrder order, EventShape shape, int coordinate) =>
        NumericalFacts.Rank(order == FlowGen.TriangularOrder.PixelMajor ? "pixel by pixel" : "channel by channel", shape, coordinate);

    private static (FlowGen.Triangle Triangle, int Kernel, FlowGen.TriangularOrder Order) Triangular(LayerDescription layer) => layer switch
    {
        MintLayer mint => (mint.Triangle, mint.Kernel, mint.Order),
        SumLayer sum => Triangular(Flatten(sum).Where(static inner => inner is MintLayer or MaskedConvLayer).MaxBy(static inner => Math.Min(Triangular(inner).Kernel, 2))!),
        MaskedConvLayer convolution => (convolution.Triangle, convolution.Kernel, convolution.Order),
        _ => throw new ArgumentException(layer.Declaration, nameof(layer)),
    };

    private static int[] Layers(Diagnostic diagnostic) =>
        [.. Layer().Matches(diagnostic.GetMessage(CultureInfo.InvariantCulture)).Select(static match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
}
