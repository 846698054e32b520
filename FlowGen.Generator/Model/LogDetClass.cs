namespace FlowGen.Generator.Model;

/// <summary>What a log-determinant depends on.</summary>
internal enum LogDetClass
{
    /// <summary>It is zero.</summary>
    Zero,

    /// <summary>A number fixed by the declaration.</summary>
    Constant,

    /// <summary>Parameters or buffers only.</summary>
    Parameters,

    /// <summary>The sample.</summary>
    Data,
}
