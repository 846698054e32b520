using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;

namespace FlowGen.Generator.Model;

/// <summary>One attribute that stands for several layers.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Layers">The layers with their options as declared.</param>
/// <param name="Times">How often they are inserted.</param>
internal sealed record GroupItem(string Name, EquatableArray<LayerModel> Layers, int Times) : StackItem(Times);
