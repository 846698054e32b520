namespace FlowGen;

/// <summary>Activation normalization (Glow, section 3.1): z = (x + b) e^s, learned, initialised from the first batch so that each coordinate starts with mean 0 and variance 1.</summary>
public sealed class ActNormAttribute : FlowLayerAttribute;
