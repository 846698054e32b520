using FlowGen;

namespace FlowGen.Samples.Flows;

/// <summary>The flow of Dinh, Krueger and Bengio (NICE, 2014) on MNIST: four additive couplings with five hidden layers of 1000, rescaling, logistic prior.</summary>
[Flow(784, Prior = Prior.StandardLogistic)]
[Dequantize]
[AdditiveCoupling(1000, 1000, 1000, 1000, 1000, Times = 4)]
[Rescale]
public sealed partial class NiceMnist;
