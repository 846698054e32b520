namespace FlowGen;

/// <summary>Inserts the layers of a step, in order, a number of times; every copy has weights of its own.</summary>
/// <typeparam name="TStep">A class of this assembly marked <see cref="FlowStepAttribute"/> (metadata keeps no attribute order, so a step of another assembly is an error).</typeparam>
/// <param name="count">How many times: at least 1.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class RepeatAttribute<TStep>(int count) : Attribute
    where TStep : class
{
    /// <summary>How many times the step is inserted.</summary>
    public int Count { get; } = count;
}
