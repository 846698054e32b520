using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>A flow as declared, before anything was proved about it.</summary>
/// <param name="Type">The class.</param>
/// <param name="Shape">The shape that was declared, whatever its numbers.</param>
/// <param name="Prior">The density of the latent.</param>
/// <param name="Stack">The layer attributes in source order.</param>
internal sealed record FlowDeclaration(TypeIdentity Type, EventShape Shape, Prior Prior, EquatableArray<StackItem> Stack);
