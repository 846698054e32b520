namespace FlowGen.Generator.Model;

/// <summary>What a layer needs beside its parameters.</summary>
internal enum LayerState
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Initialisation from data before the first evaluation.</summary>
    DataDependent,

    /// <summary>Running statistics; training normalises by the batch.</summary>
    RunningStatistics,
}
