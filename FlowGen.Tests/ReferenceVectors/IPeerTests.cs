namespace FlowGen.Tests.ReferenceVectors;

/// <summary>Tests against one case.</summary>
internal interface IPeerTests
{
    /// <summary>The name of its files.</summary>
    string CaseName { get; }
}
