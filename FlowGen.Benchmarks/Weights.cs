using FlowGen.Layers;

namespace FlowGen.Benchmarks;

/// <summary>Weights and operations of a flow to be measured.</summary>
internal static class Weights
{
    /// <summary>Weights that make the couplings do something, mild enough that samples stay in range.</summary>
    public static void Randomize(IFlow flow)
    {
        var random = new System.Random(7);
        foreach (var tensor in flow.Parameters.Where(static tensor => IsMatrix(tensor.Description)))
        {
            double scale = 0.7 / Math.Sqrt(tensor.Description.Count / tensor.Shape[0]);
            tensor.Set([.. Enumerable.Range(0, tensor.Description.Count).Select(_ => (float)((random.NextDouble() - 0.5) * 2 * scale))]);
        }

        flow.Parameters.MarkInitialized();
    }

    /// <summary>
    /// The useful operations of one sample's way through the flow: those of the dense layers and convolutions of conditioners, a multiply-add as two; at the border
    /// of an image all taps count.
    /// </summary>
    public static double Operations(IFlow flow)
    {
        double operations = 0;
        double pixels = flow.Engine.Description.EventShape.Pixels;
        foreach (LayerDescription layer in flow.Engine.Description.Layers)
        {
            pixels = layer is SqueezeLayer ? pixels / 4 : layer is UnsqueezeLayer ? pixels * 4 : pixels;
            operations += 2 * pixels * layer.Tensors.Where(IsMatrix).Sum(static tensor => (double)tensor.Count);
        }

        return operations;
    }

    private static bool IsMatrix(TensorDescription tensor) => tensor.IsTrainable && tensor.Shape.Count >= 2;
}
