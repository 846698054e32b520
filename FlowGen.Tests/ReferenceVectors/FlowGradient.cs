namespace FlowGen.Tests.ReferenceVectors;

/// <summary>The gradient of a flow by tensor, to be turned into the peer's by the chain rule.</summary>
internal sealed class FlowGradient(FlowParameters parameters, float[] gradient)
{
    /// <summary>The gradient by one of our tensors.</summary>
    public ForeignTensor this[string name]
    {
        get
        {
            var tensor = parameters[name].Description;
            double[] values = Array.ConvertAll(gradient[tensor.Offset..(tensor.Offset + tensor.Count)], static value => (double)value);
            return ForeignTensor.Of(values, [.. tensor.Shape]);
        }
    }

    /// <summary>The values of one of our tensors.</summary>
    public ForeignTensor Value(string name)
    {
        var tensor = parameters[name];
        return ForeignTensor.Of(Array.ConvertAll(tensor.Values.ToArray(), static value => (double)value), [.. tensor.Shape]);
    }
}
