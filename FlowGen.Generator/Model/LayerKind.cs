namespace FlowGen.Generator.Model;

/// <summary>How a layer is inverted, the easiest first.</summary>
internal enum LayerKind
{
    /// <summary>By putting everything back in its place.</summary>
    Permutation,

    /// <summary>By a formula.</summary>
    Analytic,

    /// <summary>By a formula, once what left for the latent has come back.</summary>
    Split,

    /// <summary>By iteration to a tolerance.</summary>
    Iterative,
}
