using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Diagnostics;

// 1xxx: how a flow is declared.
internal static partial class Descriptors
{
    /// <summary>'{0}' is a flow but not partial: the generator cannot complete it.</summary>
    public static readonly DiagnosticDescriptor FlowNotPartial = new(
        DiagnosticIds.FlowNotPartial, "A flow must be partial", "'{0}' is a flow but not partial: the generator cannot complete it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.FlowNotPartial), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' contains the flow '{1}' but is not partial: the generator cannot reach inside.</summary>
    public static readonly DiagnosticDescriptor ContainerNotPartial = new(
        DiagnosticIds.ContainerNotPartial, "A type that contains a flow must be partial", "'{0}' contains the flow '{1}' but is not partial: the generator cannot reach inside",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ContainerNotPartial), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' cannot be a flow: {1}.</summary>
    public static readonly DiagnosticDescriptor UnsupportedFlowType = new(
        DiagnosticIds.UnsupportedFlowType, "A flow is an ordinary class", "'{0}' cannot be a flow: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.UnsupportedFlowType), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>The layers of '{0}' are spread over {1} declarations, so their order is not defined.</summary>
    public static readonly DiagnosticDescriptor LayersSpread = new(
        DiagnosticIds.LayersSpread, "Layers must be on one declaration", "The layers of '{0}' are spread over {1} declarations, so their order is not defined: move them to one",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.LayersSpread), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' is marked [{1}] but declares no layer.</summary>
    public static readonly DiagnosticDescriptor NoLayers = new(
        DiagnosticIds.NoLayers, "A flow needs layers", "'{0}' is marked [{1}] but declares no layer: add attributes such as [ActNorm] and [AffineCoupling(64, 64)]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.NoLayers), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' already has {1}, which the generator would add.</summary>
    public static readonly DiagnosticDescriptor MemberCollision = new(
        DiagnosticIds.MemberCollision, "A member has the name of a generated one", "'{0}' already has {1}, which the generator would add: rename yours",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.MemberCollision), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>This constructor of '{0}' {1}.</summary>
    public static readonly DiagnosticDescriptor ConstructorNotChained = new(
        DiagnosticIds.ConstructorNotChained, "A flow's constructors call the generated one", "This {2} of '{0}' does not fit the generated constructor '{0}(ulong seed = 0)': {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ConstructorNotChained), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' derives from '{1}', {2}.</summary>
    public static readonly DiagnosticDescriptor BaseNotConstructible = new(
        DiagnosticIds.BaseNotConstructible, "A flow's base class must fit the generated constructor", "'{0}' derives from '{1}', {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.BaseNotConstructible), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' is declared with {1} dimensions; a flow has at least 1.</summary>
    public static readonly DiagnosticDescriptor TooFewDimensions = new(
        DiagnosticIds.TooFewDimensions, "A flow has at least one dimension", "'{0}' is declared with {1} dimensions; a flow has at least 1",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.TooFewDimensions), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' is repeated but not marked [FlowStep].</summary>
    public static readonly DiagnosticDescriptor NotAStep = new(
        DiagnosticIds.NotAStep, "Only a step can be repeated", "'{0}' is repeated but not marked [FlowStep]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.NotAStep), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>The step '{0}' is in the assembly '{1}': metadata keeps no attribute order.</summary>
    public static readonly DiagnosticDescriptor ForeignStep = new(
        DiagnosticIds.ForeignStep, "A step must be of the same assembly", "The step '{0}' is in the assembly '{1}', and metadata keeps no attribute order: declare it in this project",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.ForeignStep), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>The step '{0}' contains itself: {1}.</summary>
    public static readonly DiagnosticDescriptor StepCycle = new(
        DiagnosticIds.StepCycle, "A step cannot contain itself", "The step '{0}' contains itself: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.StepCycle), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0} is inserted {1} times; it must be at least 1.</summary>
    public static readonly DiagnosticDescriptor CountOutOfRange = new(
        DiagnosticIds.CountOutOfRange, "A layer is inserted at least once", "{0} is inserted {1} times; the count must be at least 1",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.CountOutOfRange), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' has {1}; the limit is {2}.</summary>
    public static readonly DiagnosticDescriptor StackTooLarge = new(
        DiagnosticIds.StackTooLarge, "The flow is too large", "'{0}' has {1}; the limit is {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.StackTooLarge), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>'{0}' has layers but is neither a [Flow] nor a [FlowStep]: nothing is generated.</summary>
    public static readonly DiagnosticDescriptor LayerWithoutFlow = new(
        DiagnosticIds.LayerWithoutFlow, "Layers belong to a flow or a step", "'{0}' has layers but is marked neither [Flow] nor [FlowStep]: nothing is generated",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.LayerWithoutFlow));

    /// <summary>The member '{1}' of '{0}' hides FlowGen.{1} in the attributes of the class.</summary>
    public static readonly DiagnosticDescriptor HiddenEnumeration = new(
        DiagnosticIds.HiddenEnumeration, "A member hides an enumeration of FlowGen", "The member '{1}' of '{0}' hides FlowGen.{1} in the attributes of the class: rename it, or write FlowGen.{1} there",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.HiddenEnumeration));

    /// <summary>'{0}' is not a layer that this generator knows.</summary>
    public static readonly DiagnosticDescriptor UnknownLayer = new(
        DiagnosticIds.UnknownLayer, "The layer is not known", "'{0}' is not a layer that this generator knows: layers cannot be added by deriving from FlowLayerAttribute, and runtime and generator must be of one version",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.UnknownLayer), customTags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>{0}: {1} is no value of {2}.</summary>
    public static readonly DiagnosticDescriptor UndefinedOption = new(
        DiagnosticIds.UndefinedOption, "The option has no such value", "{0}: {1} is no value of {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpLink(DiagnosticIds.UndefinedOption), customTags: WellKnownDiagnosticTags.NotConfigurable);
}
