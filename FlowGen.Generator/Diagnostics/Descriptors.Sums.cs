using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 2061 to 2064: sums of triangular modules.
internal static partial class Descriptors
{
    /// <summary>{0}: {1}, {2}, is {3}, but {4}, {5}, is {6}.</summary>
    public static readonly DiagnosticDescriptor TrianglesOfSum = new(
        DiagnosticIds.TrianglesOfSum, "A sum of two triangles", "{0}: {1}, {2}, is {3}, but {4}, {5}, is {6}; the Jacobian of the sum would be dense, and its log-determinant not the sum of the logarithms of the diagonal. Apply them one after the other instead of adding them.",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.TrianglesOfSum), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0}: the weight of '{1}' is {2}; it must be positive.</summary>
    public static readonly DiagnosticDescriptor WeightOfSum = new(
        DiagnosticIds.WeightOfSum, "The weights of a sum are positive", "{0}: the weight of '{1}' is {2}; it must be positive, and finite in single precision: both steps have positive diagonals, and only with positive weights is that of the sum positive, so never zero",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.WeightOfSum), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0}: the diagonal of {1}, layer {2} of '{3}', is {4}, not positive.</summary>
    public static readonly DiagnosticDescriptor DiagonalOfSum = new(
        DiagnosticIds.DiagonalOfSum, "The diagonals of a sum are positive", "{0}: the diagonal of {1}, layer {2} of '{3}', is {4}, which is not positive everywhere; the diagonal of a sum of steps is sure not to be zero only where those of all their layers are positive",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.DiagonalOfSum), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0} cannot hold {1}, layer {2} of '{3}': {4}.</summary>
    public static readonly DiagnosticDescriptor NotInSum = new(
        DiagnosticIds.NotInSum, "A layer that a sum cannot hold", "{0} cannot hold {1}, layer {2} of '{3}': {4}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.NotInSum), customTags: WellKnownDiagnosticTags.NotConfigurable);
}
