using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>What is needed to declare another part of the user's class.</summary>
/// <param name="Namespace">Its namespace, keywords escaped; empty for the global one.</param>
/// <param name="Containers">The types around it, outermost first, each as <c>class Outer&lt;T&gt;</c>.</param>
/// <param name="Name">Its name, escaped if it is a keyword.</param>
/// <param name="TypeParameters">Its type parameters with their brackets, or nothing.</param>
/// <param name="DisplayName">Its name for people and for <c>Description.Name</c>.</param>
/// <param name="MetadataName">Its metadata name with those of what it is in.</param>
/// <param name="EngineName">The name of the field that keeps the engine: one that no member of the user's has.</param>
internal sealed record TypeIdentity(
    string Namespace,
    EquatableArray<string> Containers,
    string Name,
    string TypeParameters,
    string DisplayName,
    string MetadataName,
    string EngineName)
{
    /// <summary>The type as it is named inside itself.</summary>
    public string Self => Name + TypeParameters;
}
