namespace FlowGen;

/// <summary>A layer's part of the trainable parameters and of the buffers.</summary>
internal readonly ref struct LayerTensors(Span<float> trainables, Span<float> buffers)
{
    public Span<float> Trainables { get; } = trainables;

    public Span<float> Buffers { get; } = buffers;

    public void Deconstruct(out Span<float> trainables, out Span<float> buffers)
    {
        trainables = Trainables;
        buffers = Buffers;
    }
}
