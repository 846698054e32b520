using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 2xxx: shapes, invertibility, coverage.
internal static partial class Descriptors
{
    /// <summary>Layer {0} ({1}) changes one half of the coordinates by the other; the event has {2}.</summary>
    public static readonly DiagnosticDescriptor CouplingNeedsTwo = new(
        DiagnosticIds.CouplingNeedsTwo, "A coupling needs two coordinates", "Layer {0} ({1}) changes one half of the coordinates by the other; the event has {2} coordinate, so one half would be empty",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.CouplingNeedsTwo), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0}: hidden layer {1} is {2} wide; a layer has at least 1 unit.</summary>
    public static readonly DiagnosticDescriptor WidthTooSmall = new(
        DiagnosticIds.WidthTooSmall, "A hidden layer has at least one unit", "{0}: hidden layer {1} is {2} wide; a hidden layer has at least 1 unit",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.WidthTooSmall), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0}: a residual conditioner adds each hidden layer to the next, but they are {1} and {2} wide.</summary>
    public static readonly DiagnosticDescriptor ResidualWidthsDiffer = new(
        DiagnosticIds.ResidualWidthsDiffer, "Residual hidden layers are equally wide", "{0}: ResidualMlp adds each hidden layer to the next, but they are {1} and {2} wide",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ResidualWidthsDiffer), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} (Permute) must list every index 0 .. {1} once: {2}.</summary>
    public static readonly DiagnosticDescriptor NotAPermutation = new(
        DiagnosticIds.NotAPermutation, "The order is not a permutation", "Layer {0} (Permute) must list every index from 0 to {1} once, but {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.NotAPermutation), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Elementwise({0}) is not a bijection: {1}.</summary>
    public static readonly DiagnosticDescriptor NotInjective = new(
        DiagnosticIds.NotInjective, "The function has no inverse", "Elementwise({0}) is not a bijection: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.NotInjective), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Elementwise(Identity) changes nothing.</summary>
    public static readonly DiagnosticDescriptor IdentityLayer = new(
        DiagnosticIds.IdentityLayer, "The layer changes nothing", "Elementwise(Identity) changes nothing: remove it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.IdentityLayer), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Logit: the margin is {0}; it must be above 0 and below 1/2.</summary>
    public static readonly DiagnosticDescriptor LogitMargin = new(
        DiagnosticIds.LogitMargin, "The margin of Logit is above 0 and below 1/2", "Logit: the margin is {0}; it must be above 0 and below 1/2 in single precision, or the ends of [0, 1] would map to infinity",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.LogitMargin), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} (Dequantize) takes whole numbers, but layer 0 ({1}) comes before it.</summary>
    public static readonly DiagnosticDescriptor DequantizeNotFirst = new(
        DiagnosticIds.DequantizeNotFirst, "Dequantize comes first", "Layer {0} (Dequantize) takes whole numbers, but layer {1} ({2}) comes before it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.DequantizeNotFirst), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Dequantize: {0} bins; there must be 2 to 2^24.</summary>
    public static readonly DiagnosticDescriptor BinsOutOfRange = new(
        DiagnosticIds.BinsOutOfRange, "Dequantize has two bins or more", "Dequantize: Bins is {0}; it must be from 2 to 16777216, the whole numbers that single precision holds",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.BinsOutOfRange), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>BatchNorm: {0} is {1}; it must be {2}.</summary>
    public static readonly DiagnosticDescriptor BatchNormOption = new(
        DiagnosticIds.BatchNormOption, "The option of BatchNorm is out of range", "BatchNorm: {0} is {1}; it must be {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.BatchNormOption), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>AffineCoupling: ScaleFloor is {0}; it must be 0 or more and finite.</summary>
    public static readonly DiagnosticDescriptor ScaleFloor = new(
        DiagnosticIds.ScaleFloor, "The scale floor is not negative", "AffineCoupling: ScaleFloor is {0}; it must be 0 or more and finite, or the scale could reach zero and the coupling would have no inverse",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ScaleFloor), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>No layer of '{0}' transforms {1}: its density is that of the prior.</summary>
    public static readonly DiagnosticDescriptor Untransformed = new(
        DiagnosticIds.Untransformed, "A coordinate is never transformed", "No layer of '{0}' transforms {1} of the data: they only condition, so the prior, rescaled at most, is their density",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.Untransformed));

    /// <summary>Layer {0}, {1}, transforms the same coordinates as layer {2}, {3}.</summary>
    public static readonly DiagnosticDescriptor SamePartition = new(
        DiagnosticIds.SamePartition, "Two couplings in a row transform the same coordinates", "Layer {0}, {1}, transforms the same coordinates as layer {2}, {3}, by the same others: together they are one coupling",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.SamePartition));

    /// <summary>No layer of '{0}' changes volume.</summary>
    public static readonly DiagnosticDescriptor VolumePreserving = new(
        DiagnosticIds.VolumePreserving, "The flow preserves volume", "No layer of '{0}' changes volume: the density of every sample is that of its latent, up to a constant; add [Rescale] at the end",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.VolumePreserving));

    /// <summary>In '{0}', latent {1} never depends on coordinate {2}.</summary>
    public static readonly DiagnosticDescriptor IncompleteMixing = new(
        DiagnosticIds.IncompleteMixing, "Not every latent depends on every coordinate", "In '{0}', {1} of {2} pairs of a latent and a coordinate are independent, such as latent {3} of coordinate {4}: alternating couplings reach all pairs from the third on",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.IncompleteMixing));

    /// <summary>Layer {0} ({1}) maps into ({2}, {3}), and the prior is on the whole line.</summary>
    public static readonly DiagnosticDescriptor RangeOfLastLayers = new(
        DiagnosticIds.RangeOfLastLayers, "The flow does not reach the whole line", "Layer {0} ({1}) maps into ({2}, {3}), but the prior {4} has the whole line as its support: latents outside have no inverse, and the density does not integrate to 1",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.RangeOfLastLayers));

    /// <summary>Layer {0} (Logit) takes numbers from 0 to 1, but layer {1}, {2}, before it makes others.</summary>
    public static readonly DiagnosticDescriptor LogitDomain = new(
        DiagnosticIds.LogitDomain, "Logit takes numbers from 0 to 1", "Layer {0} (Logit) takes numbers from 0 to 1, but layer {1}, {2}, before it makes numbers from {3} to {4}: of those outside, the result is not a number",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.LogitDomain), customTags: WellKnownDiagnosticTags.NotConfigurable);
}
