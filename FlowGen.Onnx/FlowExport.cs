using System.Security.Cryptography;
using System.Runtime.InteropServices;
using FlowGen.Onnx.Building;
using FlowGen.Onnx.Layers;
using FlowGen.Onnx.Writing;
using FlowGen.Verification;

namespace FlowGen.Onnx;

/// <summary>Writes a flow as a graph: layer after layer, each by its exporter.</summary>
internal sealed class FlowExport
{
    private const double HalfLogTwoPi = 0.918938533204672742;

    private readonly FlowDescription description;
    private readonly ReferenceInterpreter reference;
    private readonly GraphBuilder graph = new();
    private readonly LogDetTerms logDet = new();
    private readonly LatentParts latents;

    private FlowExport(IFlow flow)
    {
        description = flow.Engine.Description;
        reference = new ReferenceInterpreter(description, flow.Parameters);
        latents = new LatentParts(description);
    }

    private Dimension[] DataShape => description.EventShape is { IsImage: true } image
        ? [Dimension.Samples, image.Channels, image.Height, image.Width]
        : LatentShape;

    private Dimension[] LatentShape => [Dimension.Samples, description.EventShape.Size];

    /// <summary>The file's content.</summary>
    public static ProtobufMessage Model(IFlow flow, OnnxGraph graph, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(options);
        flow.Engine.RequireInitialized();
        CheckFinite(flow);
        var export = new FlowExport(flow);
        export.Build(graph, options);
        var description = export.description;
        var model = OnnxMessages.Model(
            export.graph.Finish($"{description.Name}_{graph}"),
            "FlowGen.Onnx",
            typeof(FlowExport).Assembly.GetName().Version!.ToString(3),
            $"{graph} of the normalizing flow {description.Name} {description.EventShape}",
            [
                new("flow", description.Name),
                new("graph", graph.ToString()),
                new("shape", description.EventShape.ToString()),
                new("prior", description.Prior.ToString()),
                new("layers", string.Join('\n', description.Layers.Select(static layer => layer.Declaration))),
                new("hash", description.Hash),
                new("parameters_hash", ParametersHash(flow.Parameters)),
            ]);
        return model.Length <= int.MaxValue
            ? model
            : throw new InvalidOperationException($"{description.Name} is not exported: the graph takes {model.Length} bytes, and an ONNX file holds {int.MaxValue}.");
    }

    private void Build(OnnxGraph kind, OnnxOptions options)
    {
        switch (kind)
        {
            case OnnxGraph.Forward:
                var (z, determinant) = Forward();
                graph.Output("z", z, LatentShape);
                graph.Output("log_det", determinant, Dimension.Samples);
                break;
            case OnnxGraph.LogProb:
                (z, determinant) = Forward();
                graph.Output("log_prob", PriorLogProb(z) + determinant, Dimension.Samples);
                break;
            case OnnxGraph.Inverse:
                z = graph.Input("z", ElementType.Single, LatentShape);
                graph.Output("x", Inverse(z), DataShape);
                graph.Output("log_det", logDet.Sum(z), Dimension.Samples);
                break;
            case OnnxGraph.Sample:
                z = Noise(options) * graph.OptionalInput("temperature", 1);
                graph.Output("x", Inverse(z), DataShape);
                graph.Output("log_prob", PriorLogProb(z) - logDet.Sum(z), Dimension.Samples);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a graph.");
        }
    }

    private (GraphValue Z, GraphValue LogDet) Forward()
    {
        var x = graph.Input("x", ElementType.Single, DataShape);
        var state = x;
        foreach (var layer in description.Layers)
        {
            state = LayerExporters.Of(layer).Forward(layer, Enter(layer), state);
        }

        graph.Scope = "";
        return (latents.Join(state), logDet.Sum(x));
    }

    private GraphValue Inverse(GraphValue z)
    {
        var state = latents.Divide(z);
        foreach (var layer in description.Layers.Reverse())
        {
            state = LayerExporters.Of(layer).Inverse(layer, Enter(layer), state);
        }

        graph.Scope = "";
        return state;
    }

    private LayerScope Enter(LayerDescription layer)
    {
        graph.Scope = $"layers_{layer.Index}_";
        return new LayerScope(graph, layer, new ReferenceWeights(layer, reference.Trainables, reference.Buffers), logDet, latents);
    }

    // log p(z) of each sample.
    private GraphValue PriorLogProb(GraphValue z) => description.Prior == Prior.StandardLogistic
        ? z.LogLogisticDensity().SumOfSample(isImage: false)
        : (-0.5 * (z * z).SumOfSample(isImage: false)) - (description.EventShape.Size * HalfLogTwoPi);

    private GraphValue Noise(OnnxOptions options)
    {
        if (!options.DrawNoise)
        {
            return graph.Input("noise", ElementType.Single, LatentShape);
        }

        var count = graph.Input("count", ElementType.Int64, 1);
        var shape = graph.Node("Concat", [count, graph.Integers("size", description.EventShape.Size)], OnnxMessages.Attribute("axis", 0L));
        var like = graph.Node("ConstantOfShape", [shape]);
        ProtobufMessage[] seed = options.Seed is { } given ? [OnnxMessages.Attribute("seed", given)] : [];
        if (description.Prior != Prior.StandardLogistic)
        {
            return graph.Node("RandomNormalLike", [like], seed);
        }

        // Away from both ends, where the logit is infinite.
        const float Least = 1f / (1 << 24);
        return graph.Node("RandomUniformLike", [like], [OnnxMessages.Attribute("low", Least), OnnxMessages.Attribute("high", 1 - Least), .. seed]).Logit();
    }

    private static void CheckFinite(IFlow flow)
    {
        foreach (var tensor in flow.Parameters)
        {
            var values = tensor.Values;
            for (int i = 0; i < values.Length; i++)
            {
                if (!float.IsFinite(values[i]))
                {
                    throw new InvalidOperationException($"{flow.Engine.Description.Name} is not exported: {tensor.Description} has the value {values[i]} at {i}.");
                }
            }
        }
    }

    private static string ParametersHash(FlowParameters parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in parameters)
        {
            hash.AppendData(MemoryMarshal.AsBytes(tensor.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
