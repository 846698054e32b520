namespace FlowGen.Benchmarks;

/// <summary>A step of Glow: convolutions 3x3, 1x1, 3x3 over 64 channels.</summary>
[FlowStep]
[ActNorm, Invertible1x1Conv, AffineCoupling(64, 64, Net = CouplingNet.Conv)]
public sealed partial class GlowStep64;

/// <summary>Four steps of Glow on a squeezed image of 3 x 32 x 32.</summary>
[Flow(3, 32, 32)]
[Squeeze, Repeat<GlowStep64>(4)]
public sealed partial class Glow32;

/// <summary>Sixteen of them.</summary>
[Flow(3, 32, 32)]
[Squeeze, Repeat<GlowStep64>(16)]
public sealed partial class Glow32Deep;

/// <summary>Sixty-four of them.</summary>
[Flow(3, 32, 32)]
[Squeeze, Repeat<GlowStep64>(64)]
public sealed partial class Glow32Deepest;

/// <summary>Two levels on digits: 28 x 28 squeezed to 14 x 14 and 7 x 7, widths that fill no vector.</summary>
[Flow(1, 28, 28)]
[Squeeze, Repeat<GlowStep64>(4), Split]
[Squeeze, Repeat<GlowStep64>(4)]
public sealed partial class GlowDigits;

/// <summary>A MintNet on digits: two pairs of 16 paths.</summary>
[Flow(1, 28, 28)]
[MintPair(Paths = 16, Times = 2)]
public sealed partial class MintDigits16;
