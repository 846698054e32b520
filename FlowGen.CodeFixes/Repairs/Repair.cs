namespace FlowGen.CodeFixes.Repairs;

/// <summary>One way to repair what a diagnostic says.</summary>
/// <param name="Title">What the editor offers.</param>
/// <param name="Key">The same for all repairs that are done together.</param>
/// <param name="Apply">Does it. Whatever could prevent it was found out before.</param>
internal sealed record Repair(string Title, string Key, Action<SourceEdits> Apply);
