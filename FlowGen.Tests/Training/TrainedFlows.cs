namespace FlowGen.Tests.Training;

/// <summary>A Real NVP on the plane.</summary>
[Flow(2)]
[ActNorm]
[AffineCoupling(32, 32, Times = 6)]
public sealed partial class Plane;

/// <summary>Every kind of state that layers on vectors carry.</summary>
[Flow(5, Prior = Prior.StandardLogistic)]
[Standardize]
[InvertibleLinear]
[BatchNorm]
[AffineCoupling(16, Activation = Activation.Tanh)]
[Shuffle(3)]
[ActNorm]
[AdditiveCoupling(8, Times = 2)]
[Rescale]
public sealed partial class Stateful;

/// <summary>Levels to logits, as image flows begin.</summary>
[Flow(4)]
[Dequantize(Bins = 8), Logit(0.05)]
[ActNorm, AffineCoupling(16, Times = 2)]
public sealed partial class Discrete;
