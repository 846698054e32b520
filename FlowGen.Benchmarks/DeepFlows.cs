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

/// <summary>A step of Glow.</summary>
[FlowStep]
[ActNorm, Invertible1x1Conv, AffineCoupling(64, 64, Net = CouplingNet.Conv)]
public sealed partial class DeepGlowStep;

/// <summary>Four steps of Glow on one level.</summary>
[Flow(3, 32, 32)]
[Squeeze, Repeat<DeepGlowStep>(4)]
public sealed partial class Glow4;

/// <summary>The same with 16 steps.</summary>
[Flow(3, 32, 32)]
[Squeeze, Repeat<DeepGlowStep>(16)]
public sealed partial class Glow16;

/// <summary>The same with 64 steps.</summary>
[Flow(3, 32, 32)]
[Squeeze, Repeat<DeepGlowStep>(64)]
public sealed partial class Glow64;
