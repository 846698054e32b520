using System.Text;
using CsCheck;
using FlowGen.Onnx.Building;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>Names come from users: whatever they are, the file is valid, and says them as far as UTF-8 can.</summary>
public sealed class OnnxNameTests
{
    private const string Declared = """
        using System;
        using FlowGen;
        namespace Flüsse;
        [Flow(2), ActNorm, Elementwise(nameof(@float)), AffineCoupling(4)]
        public sealed partial class @class { static float @float(float x) => x + 0.5f * MathF.Tanh(x); }
        [Flow(2), Rescale, Elementwise(nameof(Böge)), AdditiveCoupling(4)]
        public sealed partial class Größe_λ漢 { static float Böge(float ξ) => 2f * ξ + MathF.Sin(ξ); }
        public static partial class Outer<T> { public static partial class Inner { [Flow(2), Rescale, AdditiveCoupling(4)] public sealed partial class Weights; } }
        """;

    [Fact]
    public void Odd_names_of_flows_are_exported()
    {
        OnnxSession.Require();
        string[] names = ["", " ", "1", "a b", "a\"b\\c\n\t\0d", "../../x", "<script>", "\ud800", "a\udc00b", "\U0001F600", new('x', 10_000), "log_prob", "x"];
        foreach (string name in names)
        {
            Check(name);
        }

        Gen.String.Sample(Check, iter: 100, threads: 1);
    }

    [Fact]
    public void Odd_identifiers_are_exported()
    {
        var compiled = FlowCompiler.Compile(Declared, "OddNames");
        Type[] types = [compiled.GetType("Flüsse.class", true)!, compiled.GetType("Flüsse.Größe_λ漢", true)!, compiled.GetType("Flüsse.Outer`1+Inner+Weights", true)!.MakeGenericType(typeof(int))];
        foreach (var type in types)
        {
            var flow = FlowFixture.Scramble((IFlow)Activator.CreateInstance(type, 0ul)!, seed: 2);
            new OnnxAccuracy(flow).CheckForward(FlowFixture.Normal(10, seed: 3));
            new OnnxAccuracy(flow).CheckInverse(FlowFixture.Normal(10, seed: 4));
            using var session = new OnnxSession(flow, OnnxGraph.LogProb);
            Assert.Equal(flow.Engine.Description.Name, session.Metadata.CustomMetadataMap["flow"]);
        }
    }

    [Fact]
    public void Identifiers_are_those_of_C() =>
        Gen.String.Sample(static text => GraphBuilder.Identifier(text) is [char first, ..] name && (first == '_' || char.IsAsciiLetter(first)) && name.All(static c => c == '_' || char.IsAsciiLetterOrDigit(c)));

    [Fact]
    public void A_file_says_where_it_comes_from()
    {
        IFlow flow = FlowFixture.Scramble(new PlaneNice(), seed: 3);
        using var session = new OnnxSession(flow, OnnxGraph.LogProb);
        var metadata = session.Metadata;
        Assert.Equal("FlowGen.Onnx", metadata.ProducerName);
        Assert.Equal("PlaneNice_LogProb", metadata.GraphName);
        Assert.Equal("LogProb of the normalizing flow PlaneNice (2)", metadata.Description);
        var map = metadata.CustomMetadataMap;
        Assert.Equal(["flow", "graph", "hash", "layers", "parameters_hash", "prior", "shape"], map.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(flow.Engine.Description.Hash, map["hash"]);
        Assert.Equal("StandardLogistic", map["prior"]);
        Assert.Equal("(2)", map["shape"]);
        Assert.StartsWith("AdditiveCoupling(24, Transforms = OddIndices)\n", map["layers"], StringComparison.Ordinal);
        flow.Parameters.Update(static trainables => trainables[0] += 1);
        using var changed = new OnnxSession(flow, OnnxGraph.LogProb);
        Assert.NotEqual(map["parameters_hash"], changed.Metadata.CustomMetadataMap["parameters_hash"]);
    }

    private static void Check(string name)
    {
        var flow = FlowFixture.Scramble(new HandWrittenFlow(name), seed: 1);
        foreach (var graph in Enum.GetValues<OnnxGraph>())
        {
            using var session = new OnnxSession(flow, graph);
            Assert.All(session.Run([0.5f, -1, 2]).Values.SelectMany(static values => values), static value => Assert.True(float.IsFinite(value)));

            // Text ends at its first NUL where it passes through C.
            string stored = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)).Split('\0')[0];
            Assert.Equal(stored, session.Metadata.CustomMetadataMap["flow"]);
        }
    }
}
