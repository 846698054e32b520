using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 3xxx: numerics.
internal static partial class Descriptors
{
    /// <summary>Layer {0} (AffineCoupling) multiplies by e^u with an unbounded u.</summary>
    public static readonly DiagnosticDescriptor UnboundedScale = new(
        DiagnosticIds.UnboundedScale, "The scale is unbounded", "AffineCoupling multiplies by e^u with an unbounded u, which can overflow: ScaleFunction.TanhBounded or ScaleFunction.Sigmoid cannot",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.UnboundedScale));

    /// <summary>{0}: Scale = Sigmoid with ScaleFloor = 0 underflows.</summary>
    public static readonly DiagnosticDescriptor ScaleWithoutFloor = new(
        DiagnosticIds.ScaleWithoutFloor, "A sigmoid scale has no floor", "AffineCoupling multiplies by sigmoid(u + 2), which is 0 in single precision below u = -105, and the inverse divides by it: a ScaleFloor above 0, such as the default of 0.001, keeps it away from 0",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ScaleWithoutFloor));

    /// <summary>Layer {0} ({1}) learns {2} x {2} weights as they are.</summary>
    public static readonly DiagnosticDescriptor LargeDenseMatrix = new(
        DiagnosticIds.LargeDenseMatrix, "A large matrix is learned as it is", "Layer {0} ({1}) learns {2} x {2} weights as they are: every update costs about {3} steps of elimination, and nothing keeps the determinant from 0; LinearParameterization.Plu needs {2} for it, and cannot become singular",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.LargeDenseMatrix));

    /// <summary>No layer of '{0}' centres what Dequantize makes.</summary>
    public static readonly DiagnosticDescriptor OffCentreData = new(
        DiagnosticIds.OffCentreData, "Bounded data reach a normal prior off its centre", "Dequantize makes numbers from 0 to 1, all on one side of the mean of the prior StandardNormal, and no layer of '{0}' centres them: add [Logit] behind it, which also undoes the bounds, or [ActNorm]",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.OffCentreData));
}
