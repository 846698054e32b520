namespace FlowGen;

/// <summary>What an exported ONNX graph computes. D is the number of coordinates of a sample, N the number of samples, free at run time.</summary>
public enum OnnxGraph
{
    /// <summary>Data to latent: from <c>x</c> <c>[N, D]</c> or <c>[N, C, H, W]</c> to <c>z</c> <c>[N, D]</c> and <c>log_det</c> <c>[N]</c>.</summary>
    Forward,

    /// <summary>Latent to data: from <c>z</c> <c>[N, D]</c> to <c>x</c> and <c>log_det</c> <c>[N]</c>, that of the inverse.</summary>
    Inverse,

    /// <summary>The log-density in nats: from <c>x</c> to <c>log_prob</c> <c>[N]</c>.</summary>
    LogProb,

    /// <summary>
    /// Samples: from <c>noise</c> <c>[N, D]</c>, drawn from the flow's prior, and <c>temperature</c>, which scales it and is 1 if it is not given, to <c>x</c>
    /// and its <c>log_prob</c> <c>[N]</c>. With <see cref="OnnxOptions.DrawNoise"/>, from <c>count</c> <c>[1]</c> instead of noise.
    /// </summary>
    Sample,
}
