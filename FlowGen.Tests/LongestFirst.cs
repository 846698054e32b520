using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCollectionOrderer(typeof(FlowGen.Tests.LongestFirst))]

namespace FlowGen.Tests;

/// <summary>Starts classes that take long before all others, so that none of them is left to run alone at the end. What comes first of the others is as it would be.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // From the longest down.
    private static readonly string[] Long =
    [
        nameof(Flows.ImageMathematicsTests), nameof(Declarations.DeclarationOracleTests), nameof(Flows.FlowMathematicsTests), nameof(Packaging.AheadOfTimeTests), nameof(Numerics.VectorMathTests),
        nameof(Generator.UsageRuleTests), nameof(Layers.LayerKernelTests), nameof(Kernels.DenseSparseTests), nameof(Flows.DensityTests), nameof(Generator.BrokenSampleTests), nameof(Generator.RobustnessTests),
        nameof(Samples.ContributingTests), nameof(Kernels.DenseLineTests), nameof(Packaging.PackageTests), nameof(Onnx.OnnxZooTests), nameof(Kernels.DenseSparseGradientTests), nameof(Flows.OptimizedCodeTests),
        nameof(Verification.ConvolutionMutationTests),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(static collection => Place(collection.TestCollectionDisplayName))];

    private static int Place(string collection)
    {
        int place = Array.FindIndex(Long, name => collection.Contains($".{name} ", StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
