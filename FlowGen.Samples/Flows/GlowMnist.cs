using FlowGen;

namespace FlowGen.Samples.Flows;

/// <summary>A step of Glow (Kingma and Dhariwal, 2018, figure 2a), the coupling as in the authors' code.</summary>
[FlowStep]
[ActNorm]
[Invertible1x1Conv]
[AffineCoupling(64, 64, Net = CouplingNet.Conv, Scale = ScaleFunction.Sigmoid, Form = AffineForm.ShiftThenScale)]
public sealed partial class GlowStep;

/// <summary>A Glow of two levels of eight steps; the authors' model of CIFAR-10 has three levels of 32 steps of width 512.</summary>
[Flow(1, 28, 28)]
[Dequantize, Logit(1e-6)]
[Squeeze, Repeat<GlowStep>(8), Split(Prior = SplitPrior.Learned)]
[Squeeze, Repeat<GlowStep>(8)]
public sealed partial class GlowMnist;
