namespace FlowGen;

/// <summary>Why a training ended.</summary>
public enum FitStopReason
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The validation loss did not fall for <see cref="FitOptions.Patience"/> epochs.</summary>
    EarlyStopping,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
