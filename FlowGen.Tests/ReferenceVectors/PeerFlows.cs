namespace FlowGen.Tests.ReferenceVectors;

[FlowStep]
[AffineCoupling(64, 64, Transforms = Partition.OddIndices, Scale = ScaleFunction.Sigmoid, ScaleFloor = 1e-3)]
[AffineCoupling(64, 64, Transforms = Partition.EvenIndices, Scale = ScaleFunction.Sigmoid, ScaleFloor = 1e-3)]
public sealed partial class NflowsCouplingPair;

[Flow(2)]
[Repeat<NflowsCouplingPair>(4)]
public sealed partial class NflowsRealNvpD2;

[Flow(7)]
[AffineCoupling(100, 100, Transforms = Partition.OddIndices, Activation = Activation.Tanh, Scale = ScaleFunction.Sigmoid)]
[AffineCoupling(100, 100, Transforms = Partition.EvenIndices, Activation = Activation.Tanh, Scale = ScaleFunction.Sigmoid)]
[AffineCoupling(100, 100, Transforms = Partition.OddIndices, Activation = Activation.Tanh, Scale = ScaleFunction.Sigmoid)]
public sealed partial class NflowsRealNvpD7;

[Flow(784)]
[AdditiveCoupling(200, Transforms = Partition.OddIndices), AdditiveCoupling(200, Transforms = Partition.EvenIndices)]
[AdditiveCoupling(200, Transforms = Partition.OddIndices), AdditiveCoupling(200, Transforms = Partition.EvenIndices)]
[Rescale]
public sealed partial class NflowsNice;

[Flow(6)]
[InvertibleLinear, ActNorm, Permute(5, 4, 3, 2, 1, 0)]
[InvertibleLinear, ActNorm, Permute(2, 4, 0, 1, 3, 5)]
[ActNorm]
public sealed partial class NflowsLinear;

[Flow(5)]
[BatchNorm(Momentum = 0.1, Epsilon = 1e-5 * 11.0 / 12), ActNorm]
public sealed partial class NflowsBatchNorm;

[Flow(9)]
[Logit(0.05)]
public sealed partial class NormflowsLogit;

[FlowStep]
[AffineCoupling(128, 128, Transforms = Partition.EvenIndices, Form = AffineForm.ShiftThenScale, Scale = ScaleFunction.TanhBounded)]
[AffineCoupling(128, 128, Transforms = Partition.OddIndices, Form = AffineForm.ShiftThenScale, Scale = ScaleFunction.Exp)]
[AffineCoupling(128, 128, Transforms = Partition.EvenIndices, Form = AffineForm.ShiftThenScale, Scale = ScaleFunction.Exp)]
[AffineCoupling(128, 128, Transforms = Partition.OddIndices, Form = AffineForm.ShiftThenScale, Scale = ScaleFunction.Exp)]
public sealed partial class NormflowsMaskedAffineStep;

[Flow(2)]
[Repeat<NormflowsMaskedAffineStep>(2)]
public sealed partial class NormflowsMaskedAffine;

[Flow(1, 8, 8)]
[MintPair(Paths = 8, Times = 2)]
public sealed partial class MintnetOneChannel;

[Flow(3, 8, 8)]
[MintPair(Paths = 4, Times = 2)]
public sealed partial class MintnetThreeChannels;
