namespace FlowGen;

/// <summary>Which statistics layers with batch statistics use.</summary>
public enum FlowMode
{
    /// <summary>Running statistics: a sample's result depends on nothing but the sample and the weights.</summary>
    Evaluation,

    /// <summary>Statistics of the batch.</summary>
    Training,
}
