using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;

namespace FlowGen.Generator.Model;

/// <summary>One attribute of a declared stack.</summary>
/// <param name="Times">How often it is inserted.</param>
internal abstract record StackItem(int Times);

/// <summary>A layer.</summary>
/// <param name="Layer">The layer with its options as declared.</param>
/// <param name="Times">How often it is inserted.</param>
internal sealed record LayerItem(LayerModel Layer, int Times) : StackItem(Times);

/// <summary>A step.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Items">Its stack.</param>
/// <param name="Times">How often it is inserted.</param>
internal sealed record RepeatItem(string Step, EquatableArray<StackItem> Items, int Times) : StackItem(Times);
