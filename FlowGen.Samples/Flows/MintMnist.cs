using FlowGen;

namespace FlowGen.Samples.Flows;

/// <summary>A MintNet of digits that two cores can train.</summary>
[Flow(1, 28, 28)]
[Dequantize, Logit(0.01)]
[MintPair(Paths = 8, Times = 2)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth)]
[MintPair(Paths = 4, Times = 3)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth)]
[MintPair(Paths = 2, Times = 2)]
public sealed partial class MintMnist;

/// <summary>The MNIST configuration of the authors of MintNet: 6 pairs with 45 paths, 6 with 11, 8 with 2.</summary>
[Flow(1, 28, 28)]
[Dequantize, Logit(1e-6)]
[MintPair(Paths = 45, Times = 6)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth)]
[MintPair(Paths = 11, Times = 6)]
[Squeeze(Order = SqueezeOrder.SpaceToDepth)]
[MintPair(Paths = 2, Times = 8)]
public sealed partial class MintMnistFull;
