namespace FlowGen.Serialization;

/// <summary>One tensor of a file, as its header describes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The lengths of its dimensions; empty for a scalar.</param>
/// <param name="Count">The number of elements: the product of the lengths.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record SafetensorsEntry(string Name, SafetensorsType Type, long[] Shape, long Count, long Begin, long End)
{
    /// <summary>Type and shape: <c>F32 [64, 1]</c>.</summary>
    public string Form => $"{Type.Name} [{string.Join(", ", Shape)}]";
}
