namespace FlowGen;

/// <summary>One half of the channels of an image; of an odd count the first half is the larger one.</summary>
public enum Half
{
    /// <summary>Channels 0 .. (C + 1) / 2 - 1.</summary>
    First,

    /// <summary>The other channels.</summary>
    Second,
}
