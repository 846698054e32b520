namespace FlowGen;

/// <summary>Fixed standardisation z = (x - mean) / deviation in each coordinate, taken from the data at initialisation and not trained; part of the flow, so that log-densities are those of the data as given.</summary>
public sealed class StandardizeAttribute : FlowLayerAttribute;
