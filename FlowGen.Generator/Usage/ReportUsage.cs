using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Usage;

/// <summary>Told of what is wrong with code that uses flows.</summary>
/// <param name="id">The rule.</param>
/// <param name="where">The code.</param>
/// <param name="arguments">What the rule's message is completed with.</param>
internal delegate void ReportUsage(string id, IOperation where, string[] arguments);
