namespace FlowGen;

/// <summary>Declares a reusable run of layers without a shape of its own, for <see cref="RepeatAttribute{TStep}"/>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class FlowStepAttribute : Attribute;
