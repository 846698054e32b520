// The learned prior of the peer is a coupling of the coordinates that the coupling before it has changed.
#pragma warning disable FLOW2021

namespace FlowGen.Tests.ReferenceVectors;

[FlowStep]
[ActNorm, Invertible1x1Conv]
[AffineCoupling(16, 16, Net = CouplingNet.Conv, Transforms = Partition.SecondHalf, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0, Form = AffineForm.ShiftThenScale)]
public sealed partial class NormflowsGlowStep;

[Flow(3, 8, 8)]
[Squeeze, Repeat<NormflowsGlowStep>(2), Split]
[Squeeze, Repeat<NormflowsGlowStep>(2)]
public sealed partial class NormflowsGlow;

[FlowStep]
[ActNorm, Invertible1x1Conv, AdditiveCoupling(17, Net = CouplingNet.Conv, Transforms = Partition.SecondHalf)]
public sealed partial class RosinalityStep;

[Flow(3, 8, 8)]
[Squeeze, Repeat<RosinalityStep>(2), Split]
[Squeeze, Repeat<RosinalityStep>(2)]
public sealed partial class RosinalityGlow;

[Flow(3, 8, 8)]
[Squeeze, Repeat<RosinalityStep>(2)]
[AffineCoupling(7, Net = CouplingNet.Conv, Activation = Activation.Identity, Transforms = Partition.SecondHalf, Scale = ScaleFunction.Exp, Form = AffineForm.ShiftThenScale)]
[Split]
[Squeeze, Repeat<RosinalityStep>(2)]
[AffineCoupling(1, Net = CouplingNet.Conv, Transforms = Partition.FirstHalf, Scale = ScaleFunction.Exp, Form = AffineForm.ShiftThenScale)]
[AffineCoupling(1, Net = CouplingNet.Conv, Transforms = Partition.SecondHalf, Scale = ScaleFunction.Exp, Form = AffineForm.ShiftThenScale)]
public sealed partial class RosinalityGlowWithPriors;
