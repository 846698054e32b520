namespace FlowGen.Benchmarks;

/// <summary>A MintNet of digits that two cores train: as the sample mintnet-mnist.</summary>
[Flow(1, 28, 28)]
[Dequantize, Logit(0.01)]
[MintPair(Paths = 8, Times = 2)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth)]
[MintPair(Paths = 4, Times = 3)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth)]
[MintPair(Paths = 2, Times = 2)]
public sealed partial class MintDigits;

/// <summary>The MNIST configuration of MintNet's authors.</summary>
[Flow(1, 28, 28)]
[Dequantize, Logit(1e-6)]
[MintPair(Paths = 45, Times = 6)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth)]
[MintPair(Paths = 11, Times = 6)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth)]
[MintPair(Paths = 2, Times = 8)]
public sealed partial class MintDigitsFull;
