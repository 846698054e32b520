namespace FlowGen;

/// <summary>A named tensor of a flow, with its values.</summary>
public sealed class FlowTensor
{
    private readonly FlowParameters owner;

    internal FlowTensor(FlowParameters owner, TensorDescription description)
    {
        this.owner = owner;
        Description = description;
    }

    /// <summary>Name, shape and kind.</summary>
    public TensorDescription Description { get; }

    /// <summary>The name: <c>layers.3.net.0.weight</c>.</summary>
    public string Name => Description.Name;

    /// <summary>The lengths of its dimensions, in PyTorch's layout.</summary>
    public IReadOnlyList<int> Shape => Description.Shape;

    /// <summary>Whether gradients flow to it.</summary>
    public bool IsTrainable => Description.IsTrainable;

    /// <summary>The values, row-major.</summary>
    public ReadOnlySpan<float> Values => owner.Read(Description);

    /// <summary>Replaces the values.</summary>
    /// <param name="values">As many as the tensor has, finite, row-major.</param>
    /// <exception cref="ArgumentException">The count differs, or a value is not finite.</exception>
    public void Set(ReadOnlySpan<float> values) => owner.Set(Name, values);
}
