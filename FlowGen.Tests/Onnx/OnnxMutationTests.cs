using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>Every arithmetic node matters: exported with one of them turned into its opposite, a graph computes something that the comparisons with the mathematics tell apart.</summary>
public sealed class OnnxMutationTests
{
    private const double Tolerance = 1e-5;

    // An operator's name in a node: field 4, of so many bytes.
    private const byte OperatorField = (4 << 3) | 2;

    private static readonly (string Operator, string Mutant)[] Mutations = [("Add", "Sub"), ("Sub", "Add"), ("Mul", "Div"), ("Div", "Mul"), ("Exp", "Abs"), ("Log", "Exp"), ("Neg", "Exp"), ("Min", "Max"), ("Max", "Min")];

    public static TheoryData<string, OnnxGraph> Graphs
    {
        get
        {
            TheoryData<string, OnnxGraph> data = [];
            foreach (string name in FlowZoo.Names.Where(static name => name is "7: BatchNorm" or "3: Elementwise(Activation.Softplus)" or "3: Logit(0.05)" or "3: MintPair(Paths = 3)"
                || name.StartsWith("image 1, 8, 4: Squeeze", StringComparison.Ordinal) || name is "stack 1 of 3" or "stack 8 of 3"))
            {
                data.Add(name, OnnxGraph.Forward);
                data.Add(name, OnnxGraph.LogProb);
                if (!FlowZoo.Case(name).Declaration.Contains("Mint", StringComparison.Ordinal))
                {
                    data.Add(name, OnnxGraph.Inverse);
                    data.Add(name, OnnxGraph.Sample);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void A_changed_operator_is_noticed(string name, OnnxGraph graph)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: 11);
        float[] x = FlowZoo.Case(name).Samples(5, seed: 12);
        float[] samples = graph is OnnxGraph.Forward or OnnxGraph.LogProb ? x : flow.Forward(x);
        byte[] content = OnnxSession.Export(flow, graph);
        var right = Run(content, samples);
        int mutants = 0;
        List<string> survivors = [];
        foreach (var (at, mutant) in Places(content))
        {
            byte[] mutated = [.. content];
            System.Text.Encoding.ASCII.GetBytes(mutant).CopyTo(mutated, at);
            mutants++;
            if (!Differs(right, Run(mutated, samples)))
            {
                survivors.Add($"byte {at} as {mutant}");
            }
        }

        // A node of a choice that no sample takes may be anything.
        Assert.True(mutants > 0, "Nothing was changed.");
        Assert.True(survivors.Count <= mutants / 16, $"{survivors.Count} of {mutants} changes change nothing: {string.Join(", ", survivors)}.");
    }

    private static IEnumerable<(int At, string Mutant)> Places(byte[] content)
    {
        foreach (var (name, mutant) in Mutations)
        {
            byte[] pattern = [OperatorField, (byte)name.Length, .. name.Select(static c => (byte)c)];
            for (int at = 0; (at = Find(content, pattern, at)) >= 0; at++)
            {
                yield return (at + 2, mutant);
            }
        }
    }

    private static int Find(byte[] content, byte[] pattern, int from)
    {
        int found = content.AsSpan(from).IndexOf(pattern);
        return found < 0 ? -1 : from + found;
    }

    private static float[] Run(byte[] content, float[] samples)
    {
        using var session = new OnnxSession(content);
        return [.. session.Run(samples, session.OptionalInputs.Count > 0 ? 0.7f : null).OrderBy(static output => output.Key, StringComparer.Ordinal).SelectMany(static output => output.Value)];
    }

    private static bool Differs(float[] right, float[] other)
    {
        double scale = right.Select(Math.Abs).Append(1).Max();
        return right.Zip(other).Any(pair => !(Math.Abs((double)pair.First - pair.Second) <= Tolerance * scale));
    }
}
