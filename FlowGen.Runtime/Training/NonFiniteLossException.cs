namespace FlowGen;

/// <summary>
/// A loss or a gradient became infinite or not a number during training. The flow holds the best model before it, or, if no epoch had ended, what it started from.
/// </summary>
public sealed class NonFiniteLossException : ArithmeticException
{
    internal NonFiniteLossException(string message, int epoch, int step, int? layer)
        : base(message)
    {
        Epoch = epoch;
        Step = step;
        Layer = layer;
    }

    /// <summary>The epoch, counted from 1.</summary>
    public int Epoch { get; }

    /// <summary>The step of the epoch, counted from 1; 0 at validation.</summary>
    public int Step { get; }

    /// <summary>The index in the expanded stack of the layer that produced the value; null if every layer's output is finite, so that the prior's density overflowed.</summary>
    public int? Layer { get; }
}
