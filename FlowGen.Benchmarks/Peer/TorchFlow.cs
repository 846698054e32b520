using FlowGen.Benchmarks.Comparison;
using FlowGen.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowGen.Benchmarks.Peer;

/// <summary>
/// A flow on vectors as one would write it in TorchSharp with some care: the two halves of the coordinates are tensors of their own from the first coupling
/// to the last, intermediate results are freed at once, and activations work in place.
/// </summary>
internal sealed class TorchFlow : IPeerFlow
{
    private readonly int size;
    private readonly bool isLogistic;
    private readonly List<TorchLayer> layers = [];
    private readonly List<Parameter> parameters = [];
    private readonly TorchSharp.Modules.Adam optimizer;
    private Tensor? data;

    public TorchFlow(IFlow flow)
    {
        FlowDescription description = flow.Engine.Description;
        size = description.EventShape.Size;
        isLogistic = description.Prior == Prior.StandardLogistic;
        for (int index = 0; index < description.Layers.Count; index++)
        {
            string prefix = $"layers.{index}.";
            var tensors = flow.Parameters.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(
                tensor => tensor.Name[prefix.Length..],
                tensor => new Parameter(Copy(tensor)));
            parameters.AddRange(tensors.Values);
            layers.Add(TorchLayer.Of(description.Layers[index], tensors));
        }

        optimizer = optim.Adam(parameters, lr: 1e-6);

        static Tensor Copy(FlowTensor values) => torch.tensor(values.Values.ToArray(), values.Shape.Select(static length => (long)length).ToArray());
    }

    public void SetData(ReadOnlySpan<float> x, int batch)
    {
        data?.Dispose();
        data = torch.tensor(x.ToArray(), batch, size);
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
        Tensor even = Draw(batch, (size + 1) / 2);
        Tensor odd = Draw(batch, size / 2);
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            layers[i].Inverse(ref even, ref odd);
        }

        // What the user gets is one tensor.
        Tensor x = empty(batch, size);
        _ = x.slice(1, 0, size, 2).copy_(even);
        _ = x.slice(1, 1, size, 2).copy_(odd);
    }

    public void Train()
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        Tensor loss = Density(data!).mean().neg();
        loss.backward();
        _ = optimizer.step();
    }

    public void Dispose()
    {
        data?.Dispose();
        optimizer.Dispose();
        parameters.ForEach(static parameter => parameter.Dispose());
    }

    private Tensor Density(Tensor x)
    {
        Tensor even = x.slice(1, 0, size, 2);
        Tensor odd = x.slice(1, 1, size, 2);
        Tensor? logDet = null;
        foreach (TorchLayer layer in layers)
        {
            Tensor? own = layer.Forward(ref even, ref odd);
            logDet = own is null ? logDet : logDet is null ? own : logDet + own;
        }

        Tensor prior = isLogistic
            ? -(nn.functional.softplus(even) + nn.functional.softplus(-even)).sum(1) - (nn.functional.softplus(odd) + nn.functional.softplus(-odd)).sum(1)
            : (even.square().sum(1) + odd.square().sum(1)) * -0.5 - (0.5 * size * Math.Log(2 * Math.PI));
        return logDet is null ? prior : prior + logDet;
    }

    private Tensor Draw(int batch, int count) => isLogistic ? rand(batch, count).logit() : randn(batch, count);
}
