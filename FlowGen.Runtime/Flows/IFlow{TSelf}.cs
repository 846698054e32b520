namespace FlowGen;

/// <summary>What the generator completes a class marked <see cref="FlowAttribute"/> with.</summary>
/// <typeparam name="TSelf">The class.</typeparam>
public interface IFlow<TSelf> : IFlow
    where TSelf : class, IFlow<TSelf>
{
    /// <summary>The flow as data.</summary>
    static abstract FlowDescription Description { get; }

    /// <summary>A new flow with starting weights drawn from the seed.</summary>
    static abstract TSelf Create(ulong seed);
}
