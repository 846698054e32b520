using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>The shape of one sample: a vector.</summary>
/// <param name="Size">The number of coordinates.</param>
internal sealed record EventShape(int Size)
{
    /// <summary>The shape as C# text.</summary>
    public string Code => $"EventShape.Vector({Literals.Of(Size)})";
}
