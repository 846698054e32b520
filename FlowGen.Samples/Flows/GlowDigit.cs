using FlowGen;

namespace FlowGen.Samples.Flows;

/// <summary>A narrower step, for a few thousand images.</summary>
[FlowStep]
[ActNorm]
[Invertible1x1Conv]
[AffineCoupling(32, 32, Net = CouplingNet.Conv, Scale = ScaleFunction.Sigmoid, Form = AffineForm.ShiftThenScale)]
public sealed partial class GlowDigitStep;

/// <summary>A Glow of two levels of four steps: the model of one digit.</summary>
[Flow(1, 28, 28)]
[Dequantize, Logit(1e-6)]
[Squeeze, Repeat<GlowDigitStep>(4), Split(Prior = SplitPrior.Learned)]
[Squeeze, Repeat<GlowDigitStep>(4)]
public sealed partial class GlowDigit;
