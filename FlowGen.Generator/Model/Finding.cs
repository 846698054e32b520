using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>Something that the verifier has to say about a declaration.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Origin">The position of the attribute in its class, or -1 for the class itself.</param>
/// <param name="Arguments">What the rule's message is completed with.</param>
/// <param name="Remedy">The value of an option that would remedy it, for the code fixes; null where there is none.</param>
internal sealed record Finding(string Id, int Origin, EquatableArray<string> Arguments, string? Remedy = null);
