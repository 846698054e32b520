namespace FlowGen.Onnx.Building;

/// <summary>The terms of a log-determinant: what depends on the weights alone is summed in double precision, and added once.</summary>
internal sealed class LogDetTerms
{
    private double constant;
    private GraphValue? varying;

    /// <summary>Adds a number that is the same for all samples.</summary>
    public void Add(double term) => constant += term;

    /// <summary>Adds a number of each sample, <c>[N]</c>.</summary>
    public void Add(GraphValue term) => varying = varying is null ? term : varying + term;

    /// <summary>The sum <c>[N]</c>.</summary>
    /// <param name="samples">Any value whose first dimension counts the samples.</param>
    public GraphValue Sum(GraphValue samples)
    {
        if (varying is not null)
        {
            return constant == 0 ? varying : varying + constant;
        }

        var graph = samples.Graph;
        var count = graph.Node("Slice", [samples.Map("Shape"), graph.Integers("starts", 0), graph.Integers("ends", 1)]);
        return graph.Node("ConstantOfShape", [count], Writing.OnnxMessages.TensorAttribute("value", Writing.OnnxMessages.Tensor("value", Writing.ElementType.Single, [1], GraphBuilder.Bytes([constant]))));
    }
}
