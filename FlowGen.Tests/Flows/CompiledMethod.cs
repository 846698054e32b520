namespace FlowGen.Tests.Flows;

/// <summary>A method that the runtime compiled.</summary>
/// <param name="Name">Its type and name.</param>
/// <param name="Tier">How well: one of the constants of <see cref="CompiledMethods"/>, or another tier of the runtime.</param>
internal sealed record CompiledMethod(string Name, int Tier);
