using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 2030 to 2049: shapes of images, and what divides them.
internal static partial class Descriptors
{
    /// <summary>Layer {0} ({1}) works on {2}, but its input is {3}.</summary>
    public static readonly DiagnosticDescriptor WrongDomain = new(
        DiagnosticIds.WrongDomain, "A layer of another shape", "Layer {0} ({1}) works on {2}, but its input is {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.WrongDomain), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} ({1}): {2} selects {3}, but its input is {4}.</summary>
    public static readonly DiagnosticDescriptor PartitionOfOtherShape = new(
        DiagnosticIds.PartitionOfOtherShape, "A partition of another shape", "Layer {0} ({1}): {2} selects {3}, but its input is {4}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.PartitionOfOtherShape), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} ({1}): {2} divides the {3}, but its input {5} has one {4}.</summary>
    public static readonly DiagnosticDescriptor PartitionLeavesNothing = new(
        DiagnosticIds.PartitionLeavesNothing, "One half of the partition is empty", "Layer {0} ({1}): {2} divides the {3}, but its input {5} has one {4}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.PartitionLeavesNothing), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} (Squeeze) makes four channels of every 2 x 2 block, but its input has a {1}: {2}.</summary>
    public static readonly DiagnosticDescriptor OddSqueeze = new(
        DiagnosticIds.OddSqueeze, "An odd size cannot be squeezed", "Layer {0} (Squeeze) makes four channels of every 2 x 2 block, but its input has a {1}: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.OddSqueeze), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} (Unsqueeze) makes a 2 x 2 block of every four channels, but its input has {1}: {2}.</summary>
    public static readonly DiagnosticDescriptor UnsqueezeChannels = new(
        DiagnosticIds.UnsqueezeChannels, "Channels that make no blocks", "Layer {0} (Unsqueeze) makes a 2 x 2 block of every four channels, but its input has {1}: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.UnsqueezeChannels), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} (Split) standardises what leaves for a normal prior, but the prior of the flow is {1}.</summary>
    public static readonly DiagnosticDescriptor LearnedSplitPrior = new(
        DiagnosticIds.LearnedSplitPrior, "A learned split needs a normal prior", "Layer {0} (Split) standardises what leaves for a normal prior, but the prior of the flow is {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.LearnedSplitPrior), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} (Split) sends {1} of {2} coordinates to the latent that no coupling has changed: the prior is their density.</summary>
    public static readonly DiagnosticDescriptor SplitUntouched = new(
        DiagnosticIds.SplitUntouched, "Data leaves as it is", "Layer {0} (Split) sends {1} of {2} coordinates to the latent that no coupling has changed: the prior is their density",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.SplitUntouched));
}
