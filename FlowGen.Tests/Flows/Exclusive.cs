using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Tests that change or measure what the whole process shares: they run alone.</summary>
[CollectionDefinition(nameof(Exclusive), DisableParallelization = true)]
public sealed class Exclusive;
