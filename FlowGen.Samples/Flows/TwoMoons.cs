using FlowGen;

namespace FlowGen.Samples.Flows;

[Flow(2)]
[ActNorm]
[AffineCoupling(64, 64, Times = 8)]
public sealed partial class TwoMoons;
