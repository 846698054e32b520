namespace FlowGen;

/// <summary>A learned linear map W = P L U on the whole vector (Glow, section 3.2, with one position): P a fixed permutation, L unit lower triangular, U upper triangular with diagonal sign e^s, never singular; log-det is the sum of s.</summary>
public sealed class InvertibleLinearAttribute : FlowLayerAttribute;
