using FlowGen.Benchmarks.Comparison;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowGen.Benchmarks.Peer;

/// <summary>What flows in TorchSharp share: parameters copied from a flow of ours, the data, Adam.</summary>
internal abstract class TorchPeer : IPeerFlow
{
    private readonly List<Parameter> parameters = [];
    private readonly TorchSharp.Modules.Adam optimizer;
    private readonly long[] shape;
    private Tensor? data;

    protected TorchPeer(IFlow flow)
    {
        EventShape shape = flow.Engine.Description.EventShape;
        this.shape = shape.IsImage ? [shape.Channels, shape.Height, shape.Width] : [shape.Size];
        Tensors = [];
        foreach (LayerDescription layer in flow.Engine.Description.Layers)
        {
            string prefix = $"layers.{layer.Index}.";
            var tensors = flow.Parameters.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(
                tensor => tensor.Name[prefix.Length..],
                static tensor => new Parameter(Copy(tensor), tensor.IsTrainable));
            parameters.AddRange(tensors.Values.Where(static tensor => tensor.requires_grad));
            Tensors.Add(tensors);
        }

        optimizer = optim.Adam(parameters, lr: 1e-6);

        static Tensor Copy(FlowTensor values) => torch.tensor(values.Values.ToArray(), [.. values.Shape.Select(static length => (long)length)]);
    }

    /// <summary>The tensors of each layer by their names within it.</summary>
    protected List<Dictionary<string, Parameter>> Tensors { get; }

    public void SetData(ReadOnlySpan<float> x, int batch)
    {
        data?.Dispose();
        data = torch.tensor(x.ToArray(), [batch, .. shape]);
    }

    public void LogProb()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        _ = Density(data!);
    }

    public float[] ReadLogProb()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return Density(data!).data<float>().ToArray();
    }

    public void Sample(int batch)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        _ = Draw(batch);
    }

    public void Train()
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        Tensor loss = Density(data!).mean().neg();
        loss.backward();
        _ = optimizer.step();
    }

    public virtual void Dispose()
    {
        data?.Dispose();
        optimizer.Dispose();
        foreach (Parameter tensor in Tensors.SelectMany(static tensors => tensors.Values))
        {
            tensor.Dispose();
        }
    }

    /// <summary>log p(x) of each sample.</summary>
    protected abstract Tensor Density(Tensor x);

    /// <summary>Samples.</summary>
    protected abstract Tensor Draw(int batch);
}
