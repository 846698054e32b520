namespace FlowGen.Generator.Model;

/// <summary>A file to add to the compilation.</summary>
/// <param name="HintName">Its name.</param>
/// <param name="Text">Its text.</param>
internal sealed record GeneratedFile(string HintName, string Text);
