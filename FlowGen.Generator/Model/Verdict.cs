using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>The outcome of verification.</summary>
/// <param name="Flow">The flow, unless a finding is an error.</param>
/// <param name="Findings">What there is to say, in the order of the stack.</param>
/// <param name="Errors">The rules that keep it from being one, those broken inside its steps among them.</param>
internal sealed record Verdict(FlowModel? Flow, EquatableArray<Finding> Findings, EquatableArray<string> Errors);
