using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 104x and 105x: how flows are used.
internal static partial class Descriptors
{
    /// <summary>'{0}' has {1}, which is initialised from data, and on this path nothing has done so: {2} throws; call Initialize, Fit or Load first.</summary>
    public static readonly DiagnosticDescriptor NotInitialized = new(
        DiagnosticIds.NotInitialized, "A flow is used before it was initialised", "'{0}' has {1}, which is initialised from data, and on this path nothing has done so: {2} throws; call Initialize, Fit or Load first",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.NotInitialized));

    /// <summary>{0}: {1} holds {2} numbers, {3}.</summary>
    public static readonly DiagnosticDescriptor LengthMismatch = new(
        DiagnosticIds.LengthMismatch, "The length does not fit the flow", "{0}: {1} holds {2} numbers, {3}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.LengthMismatch));

    /// <summary>{0} of '{1}' is given a latent that '{2}' made: each flow has a latent space of its own.</summary>
    public static readonly DiagnosticDescriptor ForeignLatent = new(
        DiagnosticIds.ForeignLatent, "The latent is of another flow", "{0} of '{1}' is given a latent that '{2}' made: each flow has a latent space of its own",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ForeignLatent));

    /// <summary>{0}: {1} is {2}; it must be {3}.</summary>
    public static readonly DiagnosticDescriptor ArgumentOutOfRange = new(
        DiagnosticIds.ArgumentOutOfRange, "The argument is out of range", "{0}: {1} is {2}; it must be {3}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ArgumentOutOfRange));

    /// <summary>{0} changes nothing, and what it returns is not used.</summary>
    public static readonly DiagnosticDescriptor ResultIgnored = new(
        DiagnosticIds.ResultIgnored, "The result is ignored", "{0} changes nothing, and what it returns is not used",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ResultIgnored));

    /// <summary>{0} takes {1}, but '{2}' made these as {3}: Forward is from data to latents, Inverse from latents to data.</summary>
    public static readonly DiagnosticDescriptor WrongSpace = new(
        DiagnosticIds.WrongSpace, "Data and latents are mixed up", "{0} takes {1}, but '{2}' made these as {3}: Forward is from data to latents, Inverse from latents to data",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.WrongSpace));

    /// <summary>'{0}' is already initialised here, and nothing is ever initialised twice: this call does nothing.</summary>
    public static readonly DiagnosticDescriptor InitializedAgain = new(
        DiagnosticIds.InitializedAgain, "The flow is already initialised", "'{0}' is already initialised here, and nothing is ever initialised twice: this call does nothing",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.InitializedAgain));

    /// <summary>{0} is for whole numbers, but '{1}' does not begin with [Dequantize]: the call throws.</summary>
    public static readonly DiagnosticDescriptor NoLevels = new(
        DiagnosticIds.NoLevels, "The flow has no levels", "{0} is for whole numbers, but '{1}' does not begin with [Dequantize]: the call throws",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.NoLevels));

    /// <summary>{0} at temperature {1} does not draw from the density to the power {2}: {3}.</summary>
    public static readonly DiagnosticDescriptor TemperatureOfDataVolume = new(
        DiagnosticIds.TemperatureOfDataVolume, "A temperature changes more than how sharp the density is", "{0} at temperature {1} does not draw from the density to the power {2}, made to integrate to 1: {3}",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.TemperatureOfDataVolume));

    /// <summary>{0}, but {1} takes moments over at least 2.</summary>
    public static readonly DiagnosticDescriptor BatchOfOne = new(
        DiagnosticIds.BatchOfOne, "One sample has no variance", "{0}, but {1} takes moments over at least 2",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.BatchOfOne));
}
