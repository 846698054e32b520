namespace FlowGen.Onnx.Writing;

/// <summary>The types of tensors' elements, numbered as in ONNX.</summary>
internal enum ElementType
{
    /// <summary>Single precision.</summary>
    Single = 1,

    /// <summary>64-bit integers.</summary>
    Int64 = 7,

    /// <summary>Booleans, a byte each.</summary>
    Boolean = 9,
}
