using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 2045 to 2049: conditioners of convolutions.
internal static partial class Descriptors
{
    /// <summary>Layer {0} ({1}) has the conditioner {2}, but its input {3} is a vector.</summary>
    public static readonly DiagnosticDescriptor ConvolutionNeedsImage = new(
        DiagnosticIds.ConvolutionNeedsImage, "A convolution needs an image", "Layer {0} ({1}) has Net = {2}, convolutions of an image, but its input {3} is a vector: use Mlp or ResidualMlp",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ConvolutionNeedsImage), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0}: Net = {1} takes {2} but {3} are given.</summary>
    public static readonly DiagnosticDescriptor ConvolutionWidths = new(
        DiagnosticIds.ConvolutionWidths, "The number of hidden widths does not fit the conditioner", "{0}: Net = {1} takes {2} but {3} are given",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ConvolutionWidths), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0}: Blocks is {1}; it must be from 1 to {2}.</summary>
    public static readonly DiagnosticDescriptor BlockCount = new(
        DiagnosticIds.BlockCount, "The number of residual blocks is out of range", "{0}: Blocks is {1}; it must be from 1 to {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.BlockCount), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Layer {0} ({1}) transforms {2}, but its conditioner {3} sees one pixel at a time.</summary>
    public static readonly DiagnosticDescriptor CheckerboardNeedsConvolution = new(
        DiagnosticIds.CheckerboardNeedsConvolution, "A checkerboard needs a convolution", "Layer {0} ({1}) transforms {2} by the pixels around them, but its conditioner {3} works on each pixel by itself: use Net = Conv or ResNet",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.CheckerboardNeedsConvolution), customTags: WellKnownDiagnosticTags.NotConfigurable);
}
