using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 2080 to 2099: scalar functions of the user's.
internal static partial class Descriptors
{
    /// <summary>'{0}' has no method '{1}'.</summary>
    public static readonly DiagnosticDescriptor FunctionNotFound = new(
        DiagnosticIds.FunctionNotFound, "The method of Elementwise does not exist", "'{0}' has no method '{1}': Elementwise takes the name of a 'static float {1}(float x)'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.FunctionNotFound), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' is not a function of one number: {1}.</summary>
    public static readonly DiagnosticDescriptor FunctionSignature = new(
        DiagnosticIds.FunctionSignature, "The method of Elementwise is not a function of one number", "'{0}' cannot be applied to coordinates: {1}, but Elementwise takes a 'static float {0}(float x)'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.FunctionSignature), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' cannot be differentiated: {1}.</summary>
    public static readonly DiagnosticDescriptor FunctionNotUnderstood = new(
        DiagnosticIds.FunctionNotUnderstood, "The function cannot be analysed", "'{0}' cannot be analysed: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.FunctionNotUnderstood), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>The derivative of '{0}' is positive at x = {1} and negative from x = {2} to {3}.</summary>
    public static readonly DiagnosticDescriptor DerivativeChangesSign = new(
        DiagnosticIds.DerivativeChangesSign, "The derivative changes sign", "'{0}' has no inverse: its derivative is positive at x = {1} and negative from x = {2} to {3}, so it takes some values twice",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.DerivativeChangesSign), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>The derivative of '{0}' is zero at x = {1}.</summary>
    public static readonly DiagnosticDescriptor DerivativeReachesZero = new(
        DiagnosticIds.DerivativeReachesZero, "The derivative reaches zero", "The derivative of '{0}' is zero at x = {1}: the log-determinant is minus infinity there, and the inverse has no derivative",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.DerivativeReachesZero), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>The derivative of '{0}' may be zero between x = {1} and x = {2}.</summary>
    public static readonly DiagnosticDescriptor DerivativeMayReachZero = new(
        DiagnosticIds.DerivativeMayReachZero, "The derivative may reach zero", "The derivative of '{0}' could not be told from zero between x = {1} and x = {2}: it touches zero there, or all but",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.DerivativeMayReachZero), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' is not differentiable at x = {1}: {2}.</summary>
    public static readonly DiagnosticDescriptor FunctionNotDifferentiable = new(
        DiagnosticIds.FunctionNotDifferentiable, "The function is not differentiable", "'{0}' is not differentiable at x = {1}: {2}, so the density jumps there and gradients pass by the jump",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.FunctionNotDifferentiable));

    /// <summary>'{0}' is not continuous at x = {1}: {2}.</summary>
    public static readonly DiagnosticDescriptor FunctionNotContinuous = new(
        DiagnosticIds.FunctionNotContinuous, "The function is not continuous", "'{0}' is not continuous at x = {1}: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.FunctionNotContinuous), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' is not defined everywhere: {1}, {2}.</summary>
    public static readonly DiagnosticDescriptor FunctionUndefined = new(
        DiagnosticIds.FunctionUndefined, "The function is not defined everywhere", "'{0}' is not defined on the whole line: {1} {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.FunctionUndefined), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' was not proved to be invertible: {1}, {2}.</summary>
    public static readonly DiagnosticDescriptor FunctionNotProvable = new(
        DiagnosticIds.FunctionNotProvable, "The function was not proved to be invertible", "'{0}' was neither proved to be invertible nor refuted: {1}, {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.FunctionNotProvable), customTags: WellKnownDiagnosticTags.NotConfigurable);
}
