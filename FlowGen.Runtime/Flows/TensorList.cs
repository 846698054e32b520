namespace FlowGen;

/// <summary>Collects a layer's tensors and gives each its place.</summary>
internal sealed class TensorList(string prefix, int trainables, int buffers)
{
    public List<TensorDescription> Tensors { get; } = [];

    public int Trainables { get; private set; } = trainables;

    public int Buffers { get; private set; } = buffers;

    public void Trainable(string name, params int[] shape)
    {
        var tensor = new TensorDescription(prefix + name, shape, IsTrainable: true, TensorElement.Single, Trainables);
        Tensors.Add(tensor);
        Trainables += tensor.Count;
    }

    /// <summary>The tensors of a layer within the layer.</summary>
    public void Member(string name, LayerDescription layer, int index, EventShape input)
    {
        int trainables = Trainables;
        int buffers = Buffers;
        layer.Bind(index, prefix + name, input, emitted: 0, ref trainables, ref buffers);
        Tensors.AddRange(layer.Tensors);
        Trainables = trainables;
        Buffers = buffers;
    }

    public void Buffer(string name, TensorElement element, params int[] shape)
    {
        var tensor = new TensorDescription(prefix + name, shape, IsTrainable: false, element, Buffers);
        Tensors.Add(tensor);
        Buffers += tensor.Count;
    }
}
