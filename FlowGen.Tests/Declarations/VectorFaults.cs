using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowGen.Tests.Declarations;

/// <summary>The ways to break a flow on vectors. What is broken is shown to be no bijection by the plain definition of the layer, where there is one.</summary>
internal static partial class VectorFaults
{
    private static readonly string[] Broken = ["Relu", "Silu", "Gelu"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("permutation with an index twice", "FLOW2004", static (d, random) => d.Size < 2 ? null : DeclarationEdits.Insert(d, random, Permutation(d.Size, random, static (order, at) => order[at] = order[(at + 1) % order.Length])), static d => !IsPermutation(d)),
        new("permutation with an index out of range", "FLOW2004", static (d, random) => DeclarationEdits.Insert(d, random, Permutation(d.Size, random, static (order, at) => order[at] = order.Length)), static d => !IsPermutation(d)),
        new("permutation of too few", "FLOW2004", static (d, random) => d.Size < 2 ? null : DeclarationEdits.Insert(d, random, $"Permute({string.Join(", ", Enumerable.Range(0, d.Size - 1))})"), static d => !IsPermutation(d)),
        new("permutation of too many", "FLOW2004", static (d, random) => DeclarationEdits.Insert(d, random, $"Permute({string.Join(", ", Enumerable.Range(0, d.Size + 1))})"), static d => !IsPermutation(d)),
        new("function without inverse", "FLOW2005", static (d, random) => DeclarationEdits.Insert(d, random, $"Elementwise(Activation.{Broken[random.Next(3)]})"), static d => Broken.Any(name => d.Source.Contains($"Elementwise(Activation.{name})", StringComparison.Ordinal) && HasFlatOrFallingPart(name))),
        new("layer that does nothing", "FLOW2006", static (d, random) => DeclarationEdits.Insert(d, random, "Elementwise(Activation.Identity)")),
        new("margin of logit", "FLOW2007", static (d, _) => d.Data == Flows.FlowData.Real ? null : DeclarationEdits.Replace(d, LogitCall(), "Logit(0.5)"), static _ => LogitIsFlat(0.5)),
        new("margin of logit, negative", "FLOW2007", static (d, _) => d.Data == Flows.FlowData.Real ? null : DeclarationEdits.Replace(d, LogitCall(), "Logit(-0.25)"), static _ => !double.IsFinite(Logit(0.1, -0.25))),
        new("logit of any number", "FLOW2100", static (d, random) => d with { Layers = [.. d.Layers, random.Next(2) == 0 ? "ActNorm" : "Rescale", "Logit"] }, static _ => double.IsNaN(Logit(-3, 1e-6))),
        new("dequantize behind another layer", "FLOW2008", static (d, random) => d with { Layers = [random.Next(2) == 0 ? "ActNorm" : "Rescale", "Dequantize", .. d.Layers.Where(static layer => !layer.StartsWith("Dequantize", StringComparison.Ordinal))] }),
        new("one bin", "FLOW2009", static (d, random) => d with { Layers = [random.Next(2) == 0 ? "Dequantize(Bins = 1)" : "Dequantize(Bins = -4)", .. d.Layers.Where(static layer => !layer.StartsWith("Dequantize", StringComparison.Ordinal))] }),
        new("momentum", "FLOW2010", static (d, random) => DeclarationEdits.Insert(d, random, "BatchNorm(Momentum = 1.5)")),
        new("epsilon", "FLOW2010", static (d, random) => DeclarationEdits.Insert(d, random, "BatchNorm(Epsilon = -1)"), static _ => !double.IsFinite(Math.Log(0.5 - 1))),
        new("scale that reaches zero", "FLOW2011", static (d, random) => d.Size < 2 ? null : DeclarationEdits.Insert(d, random, "AffineCoupling(4, Scale = ScaleFunction.Sigmoid, ScaleFloor = -0.5)"), static _ => SigmoidScale(-2, -0.5) <= 0 && SigmoidScale(2, -0.5) > 0),
        new("coupling of one coordinate", "FLOW2001", static (d, random) => d.Size > 1 ? null : DeclarationEdits.Insert(d, random, VectorGrammar.Coupling(random))),
        new("hidden layer without units", "FLOW2002", static (d, random) => d.Size < 2 ? null : DeclarationEdits.Insert(d, random, $"AffineCoupling(4, {-random.Next(2)})")),
        new("residual widths", "FLOW2003", static (d, random) => d.Size < 2 ? null : DeclarationEdits.Insert(d, random, "AdditiveCoupling(4, 5, Net = CouplingNet.ResidualMlp)")),
        new("no such option", "FLOW1018", static (d, random) => d.Size < 2 ? null : DeclarationEdits.Insert(d, random, "AffineCoupling(4, Activation = (Activation)77)")),
        new("no copies", "FLOW1013", static (d, random) => DeclarationEdits.Insert(d, random, $"ActNorm(Times = {-random.Next(3)})")),
        new("no dimensions", "FLOW1009", static (d, random) => d with { Head = (-random.Next(3)).ToString(CultureInfo.InvariantCulture) }),
        new("not partial", "FLOW1001", static (d, _) => d with { Modifiers = "internal sealed" }),
        new("static class", "FLOW1003", static (d, _) => d with { Modifiers = "internal static partial" }),
        new("no layers", "FLOW1005", static (d, _) => d with { Layers = [], Step = [] }),
        new("step that is none", "FLOW1010", static (d, random) => DeclarationEdits.Insert(d, random, $"Repeat<{d.Name}>(2)")),
        new("step that contains itself", "FLOW1012", static (d, random) => d.Step.Count == 0 ? null : d with { Step = [.. d.Step, $"Repeat<{d.StepName}>(1)"] }),
        new("too many layers", "FLOW1014", static (d, random) => DeclarationEdits.Insert(d, random, "Rescale(Times = 5000)")),
    ];

    private static string Permutation(int size, System.Random random, Action<int[], int> spoil)
    {
        int[] order = [.. Enumerable.Range(0, size)];
        random.Shuffle(order);
        spoil(order, random.Next(size));
        return $"Permute({string.Join(", ", order)})";
    }

    // A matrix with a one in each row at the index listed: invertible only if it has one in each column.
    private static bool IsPermutation(RandomDeclaration declaration)
    {
        foreach (var match in declaration.Layers.Select(static layer => PermuteCall().Match(layer)).Where(static match => match.Success))
        {
            int[] order = [.. match.Groups[1].Value.Split(", ").Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
            if (order.Length != declaration.Size || order.Any(index => index < 0 || index >= declaration.Size))
            {
                return false;
            }

            double[,] matrix = new double[order.Length, order.Length];
            for (int row = 0; row < order.Length; row++)
            {
                matrix[row, order[row]] = 1;
            }

            if (!double.IsFinite(new FlowGen.Verification.LuDecomposition(matrix).LogAbsDet))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasFlatOrFallingPart(string activation)
    {
        double Value(double x) => activation switch
        {
            "Relu" => Math.Max(x, 0),
            "Silu" => x / (1 + Math.Exp(-x)),
            _ => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        };
        return Enumerable.Range(-60, 120).Any(i => Value((i + 1) / 10.0) <= Value(i / 10.0));
    }

    private static double Logit(double x, double alpha) => Math.Log((alpha + ((1 - (2 * alpha)) * x)) / (1 - alpha - ((1 - (2 * alpha)) * x)));

    private static bool LogitIsFlat(double alpha) => Logit(0.1, alpha).Equals(Logit(0.9, alpha));

    private static double SigmoidScale(double u, double floor) => (1 / (1 + Math.Exp(-u - 2))) + floor;

    [GeneratedRegex(@"^Logit\b")]
    private static partial Regex LogitCall();

    [GeneratedRegex(@"^Permute\((.*)\)$")]
    private static partial Regex PermuteCall();
}
