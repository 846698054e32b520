namespace FlowGen.Benchmarks;

/// <summary>Eight couplings of a flow that inverts well.</summary>
[Flow(16)]
[AffineCoupling(64, Times = 8)]
public sealed partial class Deep8;

/// <summary>The same with 64 couplings.</summary>
[Flow(16)]
[AffineCoupling(64, Times = 64)]
public sealed partial class Deep64;

/// <summary>The same with 256 couplings.</summary>
[Flow(16)]
[AffineCoupling(64, Times = 256)]
public sealed partial class Deep256;
