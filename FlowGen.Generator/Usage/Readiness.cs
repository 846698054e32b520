namespace FlowGen.Generator.Usage;

/// <summary>What a flow may be at a point of the code, over all paths to it.</summary>
[Flags]
internal enum Readiness : byte
{
    /// <summary>Made, and not initialised since.</summary>
    Fresh = 1,

    /// <summary>Initialised from data.</summary>
    Initialized = 2,

    /// <summary>Loaded, given away, or assigned from elsewhere.</summary>
    Unknown = 4,
}
