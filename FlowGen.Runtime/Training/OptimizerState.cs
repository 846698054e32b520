namespace FlowGen;

/// <summary>What an optimizer carries from step to step.</summary>
/// <param name="Optimizer">The optimizer's class name.</param>
/// <param name="Steps">How many steps were taken.</param>
/// <param name="Vectors">The state vectors by name, one element for each parameter; none before the first step.</param>
public sealed record OptimizerState(string Optimizer, long Steps, IReadOnlyDictionary<string, ReadOnlyMemory<float>> Vectors);
