namespace FlowGen.Benchmarks;

/// <summary>Real NVP on the plane: eight couplings, 1-64-64-2.</summary>
[Flow(2)]
[AffineCoupling(64, 64, Times = 8)]
public sealed partial class RealNvp2;

/// <summary>The same with tanh in the conditioners.</summary>
[Flow(2)]
[AffineCoupling(64, 64, Activation = Activation.Tanh, Times = 8)]
public sealed partial class RealNvp2Tanh;

/// <summary>Real NVP on 63 coordinates: ten couplings, two hidden layers of 128.</summary>
[Flow(63)]
[AffineCoupling(128, 128, Times = 10)]
public sealed partial class RealNvp63;

/// <summary>The same with tanh in the conditioners.</summary>
[Flow(63)]
[AffineCoupling(128, 128, Activation = Activation.Tanh, Times = 10)]
public sealed partial class RealNvp63Tanh;

/// <summary>Real NVP on 63 coordinates: ten couplings, two hidden layers of 512.</summary>
[Flow(63)]
[AffineCoupling(512, 512, Times = 10)]
public sealed partial class RealNvp63Wide;

/// <summary>NICE as in the paper: four couplings of five hidden layers of 1000.</summary>
[Flow(784, Prior = Prior.StandardLogistic)]
[AdditiveCoupling(1000, 1000, 1000, 1000, 1000, Times = 4)]
[Rescale]
public sealed partial class Nice784;
