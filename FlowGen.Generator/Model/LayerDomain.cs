namespace FlowGen.Generator.Model;

/// <summary>What a layer works on.</summary>
internal enum LayerDomain
{
    /// <summary>Vectors, and every position of images alike.</summary>
    Both,

    /// <summary>Vectors only.</summary>
    Vectors,

    /// <summary>Images only.</summary>
    Images,
}
