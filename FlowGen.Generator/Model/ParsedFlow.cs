namespace FlowGen.Generator.Model;

/// <summary>What could be read of a class: its declaration, or what it is completed with instead.</summary>
/// <param name="Declaration">The declaration, if it could be read.</param>
/// <param name="Surface">The members that it gets otherwise.</param>
internal sealed record ParsedFlow(FlowDeclaration? Declaration, FlowSurface? Surface);
