using FlowGen.Verification;

namespace FlowGen.Onnx.Building;

/// <summary>What the exporter of a layer works with: the graph, the layer's tensors, its share of the log-determinant, the latent.</summary>
/// <param name="graph">The graph.</param>
/// <param name="layer">The layer.</param>
/// <param name="weights">Its tensors.</param>
/// <param name="logDet">The log-determinant of the flow.</param>
/// <param name="latents">The latent.</param>
/// <param name="diagonal">Of a layer in a module of a sum, where the logarithms of its diagonal go instead, coordinate by coordinate.</param>
internal sealed class LayerScope(GraphBuilder graph, LayerDescription layer, ReferenceWeights weights, LogDetTerms logDet, LatentParts latents, LogDiagonal? diagonal = null)
{
    /// <summary>The graph.</summary>
    public GraphBuilder Graph { get; } = graph;

    /// <summary>The shape of what the layer takes in.</summary>
    public EventShape Input { get; } = layer.Input;

    /// <summary>The layer's tensors by their names within it.</summary>
    public ReferenceWeights Weights { get; } = weights;

    /// <summary>One number for each coordinate of a vector or for each channel of an image, in a shape that goes with samples.</summary>
    public GraphValue OfChannels(string name, ReadOnlySpan<double> values) =>
        Input.IsImage ? Graph.Tensor(name, values, values.Length, 1, 1) : Graph.Tensor(name, values, values.Length);

    /// <summary>Adds to the log-determinant what is the same for all samples: the sum over the channels, at every pixel.</summary>
    public void AddLogDetOfChannels(ReadOnlySpan<double> logs)
    {
        if (diagonal is not null)
        {
            diagonal.Add(OfChannels("log_diagonal", logs));
            return;
        }

        foreach (double log in logs)
        {
            logDet.Add(Input.Pixels * log);
        }
    }

    /// <summary>Adds a number to the log-determinant.</summary>
    public void AddLogDet(double term) => logDet.Add(term);

    /// <summary>Adds the sum over all coordinates to the log-determinant.</summary>
    /// <param name="logs">Logarithms of the coordinates' slopes, in the shape of the layer's samples.</param>
    public void AddLogDet(GraphValue logs)
    {
        if (diagonal is not null)
        {
            diagonal.Add(logs);
        }
        else
        {
            logDet.Add(logs.SumOfSample(Input.IsImage));
        }
    }

    /// <summary>The scope of a layer within the layer.</summary>
    public LayerScope Within(LayerDescription member, LogDiagonal logs) => new(Graph, member, Weights.Of(member), logDet, latents, logs);

    /// <summary>Sends a part off to the latent.</summary>
    public void Emit(GraphValue part) => latents.Emit(part);

    /// <summary>Takes back the part that the layer sent off.</summary>
    public GraphValue Absorb() => latents.Absorb(layer);

    /// <summary>A map of every position that a matrix gives: of a vector, or of the channels of an image.</summary>
    public GraphValue Linear(GraphValue x, string name, double[] matrix, ReadOnlySpan<double> bias)
    {
        int outputs = bias.Length;
        int inputs = matrix.Length / outputs;
        var offset = Graph.Tensor(name + "_bias", bias, outputs);
        return Input.IsImage
            ? x.Convolve(Graph.Tensor(name, matrix, outputs, inputs, 1, 1), offset, 1)
            : x.Gemm(Graph.Tensor(name, matrix, outputs, inputs), offset);
    }

    /// <summary>The layer has no inverse that is a formula.</summary>
    public NotSupportedException NoInverse(string reason) => new(
        $"Layer {layer.Index} ({layer.Declaration}) cannot be exported backwards: {reason}. {nameof(OnnxGraph.Forward)} and {nameof(OnnxGraph.LogProb)} can.");
}
