namespace FlowGen.Generator.Model;

/// <summary>A file to add to the compilation.</summary>
/// <param name="Type">The metadata name of the type that it completes.</param>
/// <param name="Text">Its text.</param>
internal sealed record GeneratedFile(string Type, string Text);
