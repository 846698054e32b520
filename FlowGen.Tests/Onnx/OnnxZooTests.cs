using FlowGen.Layers;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>Every layer alone and random stacks of vectors and images, exported and run by ONNX Runtime, against the mathematics.</summary>
public sealed class OnnxZooTests
{
    private const int Count = 7;

    public static TheoryData<string> Flows => FlowZoo.All;

    [Theory]
    [MemberData(nameof(Flows))]
    public void Graphs_agree_with_the_mathematics(string name)
    {
        var flow = FlowFixture.Scramble(FlowZoo.Create(name), seed: name.Length);
        var check = new OnnxAccuracy(flow);
        check.CheckForward(FlowZoo.Case(name).Samples(Count, seed: 3));
        Assert.False(check.Hard, "Single precision is not enough from data to latent.");
        if (WithoutInverse(flow) is not { } layer)
        {
            float[] x = FlowZoo.Case(name).Samples(Count, seed: 4);
            check.CheckInverse(flow.Forward(x));

            // Single precision is enough for all but a few couplings of many coordinates, and scales that are not bounded.
            var flowCase = FlowZoo.Case(name);
            Assert.True(!check.Hard || flowCase.Size >= 16 || flowCase.Declaration.Contains("ScaleFunction.Exp", StringComparison.Ordinal), "Single precision is not enough for a small flow.");
            return;
        }

        foreach (var graph in (OnnxGraph[])[OnnxGraph.Inverse, OnnxGraph.Sample])
        {
            var error = Assert.Throws<NotSupportedException>(() => OnnxSession.Export(flow, graph));
            Assert.Contains(layer.Declaration, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_layer_has_an_exporter()
    {
        var layers = typeof(LayerDescription).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(LayerDescription)) && !type.IsAbstract);
        var exporters = typeof(FlowOnnx).Assembly.GetTypes().Where(static type => !type.IsAbstract)
            .Select(static type => type.BaseType)
            .SelectMany(static type => Bases(type))
            .Where(static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(FlowGen.Onnx.Layers.LayerExporter<>))
            .Select(static type => type.GetGenericArguments()[0]);
        Assert.Equal(layers.Select(static type => type.Name).Order(StringComparer.Ordinal), exporters.Select(static type => type.Name).Order(StringComparer.Ordinal));
    }

    // The last layer that is inverted by iteration is the first one on the way back.
    private static LayerDescription? WithoutInverse(IFlow flow) =>
        flow.Engine.Description.Layers.LastOrDefault(static layer => layer is MintLayer or SumLayer || (layer is MaskedConvLayer && layer.Input.IsImage));

    private static IEnumerable<Type> Bases(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }
}
