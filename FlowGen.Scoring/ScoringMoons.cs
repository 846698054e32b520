namespace FlowGen.Scoring;

/// <summary>The flow of the quick start.</summary>
[Flow(2)]
[ActNorm]
[AffineCoupling(64, 64, Times = 8)]
public sealed partial class ScoringMoons;
