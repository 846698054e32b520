namespace FlowGen.Generator.Model;

/// <summary>What is known of the activations.</summary>
internal static class ActivationFacts
{
    /// <summary>How often an activation can be differentiated. Elu's derivative is continuous since its slope at 0 is 1 from both sides.</summary>
    public static Smoothness SmoothnessOf(Activation activation) => activation switch
    {
        Activation.Relu or Activation.LeakyRelu => Smoothness.Continuous,
        Activation.Elu => Smoothness.Once,
        _ => Smoothness.Smooth,
    };
}
