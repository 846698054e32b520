namespace FlowGen.Benchmarks;

/// <summary>Weights and operations of a flow to be measured.</summary>
internal static class Weights
{
    /// <summary>Weights that make the couplings do something, mild enough that samples stay in range.</summary>
    public static void Randomize(IFlow flow)
    {
        var random = new System.Random(7);
        foreach (var tensor in flow.Parameters)
        {
            if (tensor.IsTrainable && tensor.Shape.Count == 2)
            {
                double scale = 0.7 / Math.Sqrt(tensor.Shape[1]);
                tensor.Set([.. Enumerable.Range(0, tensor.Description.Count).Select(_ => (float)((random.NextDouble() - 0.5) * 2 * scale))]);
            }
        }
    }

    /// <summary>The useful operations of one sample's way through the flow: those of the dense layers, a multiply-add as two.</summary>
    public static double Operations(IFlow flow) =>
        2.0 * flow.Engine.Description.Tensors.Where(static tensor => tensor.IsTrainable && tensor.Shape.Count == 2).Sum(static tensor => (double)tensor.Count);
}
