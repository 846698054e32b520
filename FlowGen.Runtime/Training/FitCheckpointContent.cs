namespace FlowGen;

/// <summary>What a checkpoint holds, beside the optimizer's state.</summary>
/// <param name="Parameters">The trainable parameters, not averaged.</param>
/// <param name="Buffers">The buffers.</param>
/// <param name="Average">The averaged parameters, or null.</param>
/// <param name="State">Where the training was, with the best model.</param>
internal sealed record FitCheckpointContent(float[] Parameters, float[] Buffers, float[]? Average, FitState State);
