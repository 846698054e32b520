namespace FlowGen.Serialization;

/// <summary>New values for all tensors of a flow, collected and checked before any of them takes effect.</summary>
internal sealed class StagedParameters(FlowDescription description)
{
    private readonly float[] trainables = new float[description.TrainableCount];
    private readonly float[] buffers = new float[description.BufferCount];

    public Span<float> Of(TensorDescription tensor) => (tensor.IsTrainable ? trainables : buffers).AsSpan(tensor.Offset, tensor.Count);

    /// <summary>Puts all values in place.</summary>
    public void Commit(FlowParameters parameters)
    {
        trainables.CopyTo(parameters.MutableTrainables, 0);
        buffers.CopyTo(parameters.MutableBuffers, 0);
        parameters.MarkChanged();
    }

    public static void CheckFinite(ReadOnlySpan<float> values, string source, TensorDescription tensor)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new FlowFileException($"{source}: tensor {tensor}: the value at {i} is {values[i]}, not a finite number.", tensor.Name);
            }
        }
    }

    public static void CheckPermutation(ReadOnlySpan<long> indices, string source, TensorDescription tensor)
    {
        bool[] seen = new bool[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            long index = indices[i];
            if (index < 0 || index >= indices.Length)
            {
                throw new FlowFileException($"{source}: tensor {tensor}: the index at {i} is {index}; a permutation of 0 to {indices.Length - 1} was expected.", tensor.Name);
            }

            if (seen[index])
            {
                throw new FlowFileException($"{source}: tensor {tensor}: the index {index} appears a second time at {i}; a permutation was expected.", tensor.Name);
            }

            seen[index] = true;
        }
    }
}
