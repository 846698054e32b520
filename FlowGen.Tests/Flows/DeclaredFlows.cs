namespace FlowGen.Tests.Flows;

/// <summary>A Real NVP of the plane.</summary>
[Flow(2)]
[ActNorm]
[AffineCoupling(16, 16, Activation = Activation.Tanh, Times = 4)]
public sealed partial class PlaneRealNvp;

/// <summary>A NICE of the plane with the logistic prior.</summary>
[Flow(2, Prior = Prior.StandardLogistic)]
[AdditiveCoupling(24, Times = 3)]
[Rescale]
public sealed partial class PlaneNice;

/// <summary>A step of Glow, without its image.</summary>
[FlowStep]
[ActNorm]
[InvertibleLinear]
[AffineCoupling(12, Activation = Activation.Elu, Scale = ScaleFunction.Sigmoid, Form = AffineForm.ShiftThenScale)]
public sealed partial class PlaneStep;

/// <summary>A Glow of the plane.</summary>
[Flow(2)]
[Repeat<PlaneStep>(3)]
[BatchNorm]
public sealed partial class PlaneGlow;

/// <summary>A density on the unit square.</summary>
[Flow(2)]
[Logit(0.01)]
[Standardize]
[AdditiveCoupling(10, 10, Activation = Activation.Tanh, Times = 2)]
public sealed partial class SquareFlow;

/// <summary>A flow with more coordinates than Jacobians are computed whole for.</summary>
[Flow(150)]
[ActNorm]
[AffineCoupling(20, Activation = Activation.Tanh, Times = 2)]
[Shuffle(5)]
[AdditiveCoupling(20, Transforms = Partition.FirstHalf)]
[BatchNorm]
public sealed partial class WideFlow;

/// <summary>Eight couplings.</summary>
[Flow(8)]
[AffineCoupling(16, Activation = Activation.Tanh, Times = 8)]
public sealed partial class Couplings8;

/// <summary>Sixty-four couplings.</summary>
[Flow(8)]
[AffineCoupling(16, Activation = Activation.Tanh, Times = 64)]
public sealed partial class Couplings64;

/// <summary>Two hundred and fifty-six couplings.</summary>
[Flow(8)]
[AffineCoupling(16, Activation = Activation.Tanh, Times = 256)]
public sealed partial class Couplings256;

/// <summary>A step of Glow.</summary>
[FlowStep]
[ActNorm, AffineCoupling(8, 8, Net = CouplingNet.Conv)]
public sealed partial class SmallGlowStep;

/// <summary>Four steps of Glow.</summary>
[Flow(1, 8, 8)]
[Squeeze, Repeat<SmallGlowStep>(4)]
public sealed partial class Steps4;

/// <summary>Sixteen steps of Glow.</summary>
[Flow(1, 8, 8)]
[Squeeze, Repeat<SmallGlowStep>(16)]
public sealed partial class Steps16;

/// <summary>Sixty-four steps of Glow.</summary>
[Flow(1, 8, 8)]
[Squeeze, Repeat<SmallGlowStep>(64)]
public sealed partial class Steps64;

/// <summary>Layers of images whose weights take some work to prepare.</summary>
[Flow(2, 8, 8)]
[ActNorm, Invertible1x1Conv, AffineCoupling(6, 6, Net = CouplingNet.Conv)]
[Invertible1x1Conv(Parameterization = LinearParameterization.Dense), AffineCoupling(6, Net = CouplingNet.ResNet)]
[MintPair(Paths = 3)]
public sealed partial class PreparedImage;

/// <summary>Layers of vectors whose weights take some work to prepare.</summary>
[Flow(5)]
[InvertibleLinear, AffineCoupling(8, Activation = Activation.Tanh)]
[InvertibleLinear(Parameterization = LinearParameterization.Dense), AffineCoupling(8, Activation = Activation.Tanh)]
[MintPair(Paths = 3)]
public sealed partial class PreparedVector;

/// <summary>More weights than caches hold.</summary>
[Flow(4)]
[AffineCoupling(2100, 2100, Times = 2)]
public sealed partial class FarFlow;

/// <summary>Hidden layers wide enough for the paths that skip zeros, of sizes that fill no vector.</summary>
[Flow(9)]
[AffineCoupling(65, 130, 70)]
[AdditiveCoupling(40, 260, 33, Transforms = Partition.FirstHalf)]
[AffineCoupling(65, 65, 65, Net = CouplingNet.ResidualMlp)]
public sealed partial class ZerosFlow;
