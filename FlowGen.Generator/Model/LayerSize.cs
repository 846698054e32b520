namespace FlowGen.Generator.Model;

/// <summary>What a layer occupies; wide enough to see that a declaration is too large.</summary>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="Buffers">Buffer elements.</param>
/// <param name="Weights">Floats of prepared weights.</param>
/// <param name="WorkRows">Rows of scratch outside gradients.</param>
/// <param name="RecordRows">Rows of scratch in gradients.</param>
/// <param name="Sums">Accumulators beside the parameters, from which its gradient is finished.</param>
/// <param name="WidestInput">The most inputs of its dense layers.</param>
/// <param name="Tables">How many of the prepared weights are in tables, of which a sample reads one row.</param>
internal sealed record LayerSize(
    long Parameters = 0, long Buffers = 0, long Weights = 0, long WorkRows = 0, long RecordRows = 0, long Sums = 0, long WidestInput = 0, long Tables = 0)
{
    /// <summary>A layer that keeps nothing.</summary>
    public static LayerSize None { get; } = new();

    /// <summary>A product that stays far above every limit and below overflow when it is too large.</summary>
    public static long Product(long a, long b) => Math.Min(a * b, 1L << 36);

    /// <summary>The next multiple of 16: where a block of rows or of prepared weights may start.</summary>
    public static long Pad(long count) => (count + 15) & ~15L;
}
