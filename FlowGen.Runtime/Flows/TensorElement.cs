namespace FlowGen;

/// <summary>What the elements of a tensor are in a file.</summary>
public enum TensorElement
{
    /// <summary>Single-precision numbers (F32).</summary>
    Single,

    /// <summary>Indices (I64).</summary>
    Index,

    /// <summary>Flags (BOOL).</summary>
    Flag,
}
