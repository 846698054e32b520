namespace FlowGen.Generator.Model;

/// <summary>What a class is completed with: a flow, or its members alone.</summary>
/// <param name="Flow">The flow, if it is one.</param>
/// <param name="Surface">The members that it gets otherwise.</param>
internal sealed record VerifiedFlow(FlowModel? Flow, FlowSurface? Surface)
{
    /// <summary>The class.</summary>
    public TypeIdentity Type => Flow?.Type ?? Surface!.Type;
}
