using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 3xxx: numerics.
internal static partial class Descriptors
{
    /// <summary>Layer {0} (AffineCoupling) multiplies by e^u with an unbounded u.</summary>
    public static readonly DiagnosticDescriptor UnboundedScale = new(
        DiagnosticIds.UnboundedScale, "The scale is unbounded", "AffineCoupling multiplies by e^u with an unbounded u, which can overflow: ScaleFunction.TanhBounded or ScaleFunction.Sigmoid cannot",
        Category, DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.UnboundedScale));
}
