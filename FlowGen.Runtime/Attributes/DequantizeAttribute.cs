namespace FlowGen;

/// <summary>
/// Takes whole numbers 0 .. Bins - 1 to [0, 1): y = x / Bins, log-det -D ln Bins. Training adds uniform noise to the whole
/// numbers (Theis, van den Oord and Bethge, 2016); evaluation adds none.
/// </summary>
public sealed class DequantizeAttribute : FlowLayerAttribute
{
    /// <summary>The number of levels.</summary>
    public int Bins { get; set; } = 256;
}
