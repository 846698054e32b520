using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Usage;

/// <summary>Where the content of a buffer comes from.</summary>
/// <param name="IsLatent">Whether it holds latents; otherwise data.</param>
/// <param name="Flow">The class of the flow that wrote it.</param>
/// <param name="Instance">The variable that holds this flow; null if it is not a variable that keeps its value.</param>
internal sealed record Origin(bool IsLatent, INamedTypeSymbol Flow, ISymbol? Instance)
{
    /// <inheritdoc/>
    public bool Equals(Origin? other) =>
        other is not null && IsLatent == other.IsLatent && SymbolEqualityComparer.Default.Equals(Flow, other.Flow) && SymbolEqualityComparer.Default.Equals(Instance, other.Instance);

    /// <inheritdoc/>
    public override int GetHashCode() => SymbolEqualityComparer.Default.GetHashCode(Flow);
}
