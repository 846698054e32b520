namespace FlowGen;

/// <summary>
/// The sinh-arcsinh transformation (Jones and Pewsey, 2009): z = sinh(e^s asinh(x) - b) with a learned skewness b and a learned weight of the tails s in each
/// coordinate; log-det is the sum of s + log cosh(e^s asinh(x) - b) - log cosh(asinh(x)).
/// </summary>
/// <remarks>Tails of the data heavier than the prior's take a negative s, lighter ones a positive one. It starts as the identity: b = 0, s = 0.</remarks>
public sealed class SinhArcsinhAttribute : FlowLayerAttribute;
