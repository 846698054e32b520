using FlowGen;

namespace FlowGen.Samples.Flows;

/// <summary>A MintNet of the plane: four pairs of a lower and an upper layer.</summary>
[Flow(2)]
[Standardize]
[MintPair(Paths = 24, Activation = Activation.Tanh, Times = 4)]
public sealed partial class MintPlane;

/// <summary>One pair alone.</summary>
[Flow(2)]
[MintPair(Paths = 24, Activation = Activation.Tanh)]
public sealed partial class MintOnePair;

/// <summary>A lower layer alone.</summary>
[Flow(2)]
#pragma warning disable FLOW2023 // One half of a pair, to look at.
[MintLayer(Triangle.Lower, Paths = 24, Activation = Activation.Tanh)]
public sealed partial class MintLowerHalf;

/// <summary>An upper layer alone.</summary>
[Flow(2)]
#pragma warning disable FLOW2023 // One half of a pair, to look at.
[MintLayer(Triangle.Upper, Paths = 24, Activation = Activation.Tanh)]
public sealed partial class MintUpperHalf;
