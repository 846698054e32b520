using FlowGen.Layers;

namespace FlowGen.Benchmarks;

/// <summary>Weights and operations of a flow to be measured.</summary>
internal static class Weights
{
    /// <summary>Weights that make the layers do something, mild enough that samples stay in range.</summary>
    public static void Randomize(IFlow flow)
    {
        var random = new System.Random(7);
        foreach (LayerDescription layer in flow.Engine.Description.Layers)
        {
            string prefix = $"layers.{layer.Index}.";
            foreach (var tensor in flow.Parameters.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal) && IsMatrix(layer, tensor.Description)))
            {
                // A Mint layer starts with weights of its own, of which those of the last convolution are near zero.
                double scale = layer is MintLayer ? 0.3 : 0.7 / Math.Sqrt(tensor.Description.Count / tensor.Shape[0]);
                if (layer is not MintLayer || tensor.Name.EndsWith("weight3", StringComparison.Ordinal))
                {
                    tensor.Set([.. Enumerable.Range(0, tensor.Description.Count).Select(_ => (float)((random.NextDouble() - 0.5) * 2 * scale))]);
                }
            }
        }

        flow.Parameters.MarkInitialized();
    }

    /// <summary>Every parameter a little off where it starts: as far from the identity as training takes a MintNet, about.</summary>
    public static void Disturb(IFlow flow)
    {
        var random = new System.Random(1);
        flow.Parameters.Update(trainables =>
        {
            for (int i = 0; i < trainables.Length; i++)
            {
                trainables[i] += (float)(0.05 * ((2 * random.NextDouble()) - 1));
            }
        });
    }

    /// <summary>Numbers from -<paramref name="bound"/> to <paramref name="bound"/>.</summary>
    public static float[] Uniform(int count, int seed, float bound)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * bound)];
    }

    /// <summary>Normal numbers.</summary>
    public static float[] Normal(int count)
    {
        var random = new System.Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    /// <summary>
    /// The useful operations of one sample's way through the flow: those of dense layers and of the kept taps of convolutions, a multiply-add as two; at the border
    /// of an image all taps count. Of a Mint layer also the products of paths with paths for the diagonal of its Jacobian.
    /// </summary>
    public static double Operations(IFlow flow)
    {
        double operations = 0;
        foreach (LayerDescription layer in flow.Engine.Description.Layers)
        {
            double perPixel = layer.Tensors.Where(tensor => IsMatrix(layer, tensor)).Sum(static tensor => (double)tensor.Count);
            perPixel += layer is MintLayer mint ? mint.Channels * mint.Paths * (mint.Paths + 1.0) : layer.Kind == "Invertible1x1Conv" ? layer.Input.Channels * (double)layer.Input.Channels : 0;
            operations += 2.0 * layer.Input.Pixels * perPixel;
        }

        return operations;
    }

    // A Mint layer keeps the taps of its convolutions in one row each, and its t in planes.
    private static bool IsMatrix(LayerDescription layer, TensorDescription tensor) =>
        tensor.IsTrainable && (layer is MintLayer ? tensor.Name.Contains("weight", StringComparison.Ordinal) : tensor.Shape.Count >= 2);
}
