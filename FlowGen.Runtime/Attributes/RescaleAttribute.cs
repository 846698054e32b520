namespace FlowGen;

/// <summary>Diagonal rescaling (NICE, section 3.3): z = x e^s with a learned s in each coordinate; log-det is the sum of s.</summary>
public sealed class RescaleAttribute : FlowLayerAttribute;
