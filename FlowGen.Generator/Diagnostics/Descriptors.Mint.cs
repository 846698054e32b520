using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 205x: triangular layers.
internal static partial class Descriptors
{
    /// <summary>{0}: the kernel is {1} wide; it must be odd, from 1 to {2}.</summary>
    public static readonly DiagnosticDescriptor KernelWithoutCentre = new(
        DiagnosticIds.KernelWithoutCentre, "The kernel of a triangular layer has a centre", "{0}: Kernel is {1}; it must be odd, from 1 to {2}: a kernel of even width has no centre tap, and with it the layer no diagonal",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.KernelWithoutCentre), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0}: Paths is {1}; there must be one at least.</summary>
    public static readonly DiagnosticDescriptor NoPaths = new(
        DiagnosticIds.NoPaths, "A Mint layer has at least one path", "{0}: Paths is {1}; there must be at least 1. Dividing the paths by 4 at every squeeze leaves none of 3 or fewer.",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.NoPaths), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0} differentiates its activation, but the slope of {1} jumps.</summary>
    public static readonly DiagnosticDescriptor ActivationNotSmooth = new(
        DiagnosticIds.ActivationNotSmooth, "The activation is not continuously differentiable", "{0} takes a continuously differentiable activation, but {1} is not one: its {2}, so proposition 1 and theorem 1 of MintNet do not apply; {3}the log-determinant is piecewise constant in x, and sends no gradient to biases and off-centre taps",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ActivationNotSmooth), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0} takes an activation that nowhere falls, but the slope of {1} is negative below {3}, down to {2}.</summary>
    public static readonly DiagnosticDescriptor ActivationFalls = new(
        DiagnosticIds.ActivationFalls, "The activation is not monotone", "{0} takes an activation that nowhere falls, or its diagonal could be zero, but the slope of {1} is negative from x = -infinity to {3}, down to {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ActivationFalls), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0} with Activation = Identity is linear.</summary>
    public static readonly DiagnosticDescriptor LinearMint = new(
        DiagnosticIds.LinearMint, "A Mint layer without activation is linear", "{0} with Activation = Identity is one triangular matrix: [MaskedConv] is the same map, with fewer parameters and an exact inverse",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.LinearMint), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0}, {1}, follows layer {2}, {3}, of the same orientation.</summary>
    public static readonly DiagnosticDescriptor SameTriangle = new(
        DiagnosticIds.SameTriangle, "Two Mint layers in a row have one orientation", "Layer {0}, {1}, follows layer {2}, {3}, of the same orientation: both are blind to the same neighbours of every pixel; make one of them {4}, or use [MintPair]",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.SameTriangle));

    /// <summary>Layer {0}, {1}, is triangular in another order than layer {2}, {3}.</summary>
    public static readonly DiagnosticDescriptor PairOfTwoOrders = new(
        DiagnosticIds.PairOfTwoOrders, "The halves of a pair have two orders", "Layer {0}, {1}, is triangular in another order than layer {2}, {3}: what one half does not see, the other does not add",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.PairOfTwoOrders));

    /// <summary>Layer {0}, {1}, follows layer {2}, {3}, of the same orientation, on a vector.</summary>
    public static readonly DiagnosticDescriptor SameTriangleOfVector = new(
        DiagnosticIds.SameTriangleOfVector, "Two Mint layers in a row have one orientation", "Layer {0}, {1}, follows layer {2}, {3}, of the same orientation: together they are one triangular map, in which no coordinate sees those on the other side of it; make one of them {4}, or use [MintPair]",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.SameTriangleOfVector));

    /// <summary>Layer {4} stands between the halves of a pair.</summary>
    public static readonly DiagnosticDescriptor PairDivided = new(
        DiagnosticIds.PairDivided, "A layer divides a pair", "Layer {0}, {1}, and layer {2}, {3}, would be a pair, but layer {4}, {5}, between them changes the order of the coordinates: put it before or behind the pair",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.PairDivided));

    /// <summary>Elementwise({0}) bends what {1} put out at a kink.</summary>
    public static readonly DiagnosticDescriptor KinkAfterMaskedConv = new(
        DiagnosticIds.KinkAfterMaskedConv, "A kink follows a masked convolution", "Elementwise({0}) follows {1}, and modules of masked convolutions are continuously differentiable, but its slope jumps from {2} to {3} at x = {4}, so proposition 1 and theorem 1 of MintNet do not apply; {5}the log-determinant {6}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.KinkAfterMaskedConv), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0}, {1}, has no counterpart of the other orientation.</summary>
    public static readonly DiagnosticDescriptor OneTriangle = new(
        DiagnosticIds.OneTriangle, "Triangular layers of one orientation only", "Layer {0}, {1}, has no counterpart: every triangular layer of '{2}' is {3}, and no other layer takes one pixel to another, so no latent sees the pixels on the other side; add one that is {4}, or use [MintPair]",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.OneTriangle));
}
