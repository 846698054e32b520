using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Parsing;

/// <summary>Told of what is wrong with a declaration while it is parsed.</summary>
/// <param name="id">The rule.</param>
/// <param name="location">Where.</param>
/// <param name="arguments">What the rule's message is completed with.</param>
internal delegate void ReportProblem(string id, Location location, params string[] arguments);
