namespace FlowGen.Tests.Serialization;

[Flow(3)]
[ActNorm, Permute(2, 0, 1), AffineCoupling(4), BatchNorm, InvertibleLinear]
internal sealed partial class SavedFlow;

[Flow(3)]
[ActNorm, Permute(2, 0, 1), AffineCoupling(5), BatchNorm, InvertibleLinear]
internal sealed partial class WiderFlow;
