using FlowGen;

namespace FlowGen.Samples.Flows;

/// <summary>Three couplings of a checkerboard (Real NVP, section 3.6), ActNorm in the place of batch normalisation.</summary>
[FlowStep]
[AffineCoupling(16, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.OddPixels), ActNorm]
[AffineCoupling(16, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.EvenPixels), ActNorm]
[AffineCoupling(16, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.OddPixels), ActNorm]
public sealed partial class CheckerboardCouplings;

/// <summary>Three couplings of channels, twice as wide.</summary>
[FlowStep]
[AffineCoupling(32, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.SecondHalf), ActNorm]
[AffineCoupling(32, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.FirstHalf), ActNorm]
[AffineCoupling(32, Net = CouplingNet.ResNet, Blocks = 1, Transforms = Partition.SecondHalf), ActNorm]
public sealed partial class ChannelCouplings;

/// <summary>
/// A Real NVP of three scales (Dinh, Sohl-Dickstein and Bengio, 2017, section 3.6): checkerboards, squeeze, channels, split. 28, 14, 7: an odd side cannot be
/// squeezed again, so the third scale is the last. The paper's networks have 32 to 64 channels and 4 or 8 blocks.
/// </summary>
[Flow(1, 28, 28)]
[Dequantize, Logit(1e-6), ActNorm]
[Repeat<CheckerboardCouplings>(1), Squeeze, Repeat<ChannelCouplings>(1), Split]
[Repeat<CheckerboardCouplings>(1), Squeeze, Repeat<ChannelCouplings>(1), Split]
[Repeat<CheckerboardCouplings>(1)]
public sealed partial class RealNvpMnist;
