namespace FlowGen;

/// <summary>The shape of one sample.</summary>
public readonly record struct EventShape
{
    private EventShape(int size) => Size = size;

    /// <summary>The number of coordinates of one sample.</summary>
    public int Size { get; }

    /// <summary>A vector of <paramref name="dimensions"/> coordinates.</summary>
    public static EventShape Vector(int dimensions) => new(dimensions);

    /// <summary>The shape as in a declaration: <c>(D)</c>.</summary>
    public override string ToString() => $"({Size})";
}
