namespace FlowGen;

/// <summary>Reverses the order of the coordinates.</summary>
public sealed class ReverseAttribute : FlowLayerAttribute;
