using TorchSharp;
using static TorchSharp.torch;

namespace FlowGen.Benchmarks.Peer;

/// <summary>
/// A flow on vectors as one would write it in TorchSharp with some care: the two halves of the coordinates are tensors of their own from the first coupling
/// to the last, intermediate results are freed at once, and activations work in place.
/// </summary>
internal sealed class TorchFlow : TorchPeer
{
    private readonly int size;
    private readonly bool isLogistic;
    private readonly List<TorchLayer> layers = [];

    public TorchFlow(IFlow flow)
        : base(flow)
    {
        FlowDescription description = flow.Engine.Description;
        size = description.EventShape.Size;
        isLogistic = description.Prior == Prior.StandardLogistic;
        foreach (LayerDescription layer in description.Layers)
        {
            layers.Add(TorchLayer.Of(layer, Tensors[layer.Index]));
        }
    }

    protected override Tensor Density(Tensor x)
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
            : ((even.square().sum(1) + odd.square().sum(1)) * -0.5) - (0.5 * size * Math.Log(2 * Math.PI));
        return logDet is null ? prior : prior + logDet;
    }

    protected override Tensor Draw(int batch)
    {
        Tensor even = Latent(batch, (size + 1) / 2);
        Tensor odd = Latent(batch, size / 2);
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            layers[i].Inverse(ref even, ref odd);
        }

        // What the user gets is one tensor.
        Tensor x = empty(batch, size);
        _ = x.slice(1, 0, size, 2).copy_(even);
        _ = x.slice(1, 1, size, 2).copy_(odd);
        return x;
    }

    private Tensor Latent(int batch, int count) => isLogistic ? rand(batch, count).logit() : randn(batch, count);
}
