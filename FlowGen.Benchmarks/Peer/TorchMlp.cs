using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowGen.Benchmarks.Peer;

/// <summary>The conditioner: dense layers with ReLU or tanh, as its declaration says, between them.</summary>
internal sealed class TorchMlp
{
    private readonly List<(Parameter Weight, Parameter Bias)> layers = [];
    private readonly bool isTanh;

    public TorchMlp(IReadOnlyDictionary<string, Parameter> tensors, string declaration)
    {
        isTanh = declaration.Contains("Activation = Tanh", StringComparison.Ordinal);
        if (declaration.Contains("Activation", StringComparison.Ordinal) != isTanh || declaration.Contains("Net", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"There is no {declaration} for TorchSharp here.");
        }

        while (tensors.TryGetValue($"net.{layers.Count}.weight", out Parameter? weight))
        {
            layers.Add((weight, tensors[$"net.{layers.Count}.bias"]));
        }
    }

    public Tensor Evaluate(Tensor x)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            x = nn.functional.linear(x, layers[i].Weight, layers[i].Bias);
            if (i < layers.Count - 1)
            {
                x = isTanh ? x.tanh_() : x.relu_();
            }
        }

        return x;
    }
}
