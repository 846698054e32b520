namespace FlowGen;

/// <summary>
/// Where and how often a training is saved: after every so many epochs, after every so much time, and when it ends or is cancelled. The file is replaced as a whole once
/// the new one is on the disk.
/// </summary>
/// <param name="Path">The file; its directory exists.</param>
public sealed record CheckpointOptions(string Path)
{
    /// <summary>Saves after every so many epochs; 0 for only by time and at the end. The default is 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Saves, between two steps, once this much time has passed since the last save; null for only by epochs.</summary>
    public TimeSpan? Interval { get; init; }
}
