namespace FlowGen.Generator.Model;

/// <summary>How often a map can be differentiated, the least first: that of a composition is the least of its parts'.</summary>
internal enum Smoothness
{
    /// <summary>Continuous, differentiable but for kinks.</summary>
    Continuous,

    /// <summary>Once, with a continuous derivative that has kinks of its own.</summary>
    Once,

    /// <summary>As often as one likes.</summary>
    Smooth,
}
