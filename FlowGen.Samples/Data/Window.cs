namespace FlowGen.Samples.Data;

/// <summary>A rectangle of the plane.</summary>
internal readonly record struct Window(double Left, double Right, double Bottom, double Top)
{
    /// <summary>The same rectangle, wider by a margin on every side.</summary>
    public Window Widened(double margin) => new(Left - margin, Right + margin, Bottom - margin, Top + margin);
}
