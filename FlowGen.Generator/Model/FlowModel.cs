using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>A verified flow: everything that the emitter prints.</summary>
/// <param name="Type">The class.</param>
/// <param name="Shape">The shape of one sample.</param>
/// <param name="Prior">The density of the latent.</param>
/// <param name="Layers">The expanded stack.</param>
/// <param name="Facts">What was proved about the whole stack, a sentence each.</param>
/// <param name="Totals">Sums of what the layers occupy; of rows and widths, the most.</param>
internal sealed record FlowModel(
    TypeIdentity Type, EventShape Shape, Prior Prior, EquatableArray<PlacedLayer> Layers, EquatableArray<string> Facts, LayerSize Totals);
