namespace FlowGen.Layers;

/// <summary>Checks the moments that a layer is to start from.</summary>
internal static class DataMoments
{
    /// <summary>Every coordinate has a finite mean and a deviation that single precision can tell from zero.</summary>
    /// <exception cref="DegenerateDataException">A coordinate has not.</exception>
    public static void RequireVariance(
        LayerDescription layer, ReadOnlySpan<double> mean, ReadOnlySpan<double> variance, string what = "coordinate", string of = "its input")
    {
        for (int i = 0; i < mean.Length; i++)
        {
            if (!double.IsFinite(mean[i]) || !double.IsFinite(variance[i]))
            {
                throw new DegenerateDataException(
                    $"Layer {layer.Index} ({layer.Kind}) cannot be initialised: {what} {i} of {of} has values that are not finite.");
            }

            // Equal numbers have a deviation of zero, but for the rounding of their mean.
            double deviation = Math.Sqrt(Math.Max(variance[i], 0));
            if (deviation <= Math.Abs(mean[i]) * 1e-9 || (float)deviation < MinNormal)
            {
                throw new DegenerateDataException(
                    $"Layer {layer.Index} ({layer.Kind}) cannot be initialised: {what} {i} of {of} has no variance over the batch.");
            }
        }
    }

    private const float MinNormal = 1.17549435e-38f;
}
