namespace FlowGen;

/// <summary>
/// The sum of two steps, z = a A(x) + b B(x), as one layer (Song, Meng and Ermon, MintNet, 2019, proposition 1). The layers of both steps are triangular in one order or
/// diagonal, and their diagonals positive; so those of the sum are, since a and b are.
/// </summary>
/// <remarks>Masked convolutions in the steps have positive diagonals. The inverse is an iteration: see <see cref="InverseOptions"/>.</remarks>
/// <typeparam name="TFirst">A, a class of this assembly marked <see cref="FlowStepAttribute"/> (metadata keeps no attribute order, so a step of another assembly is an error).</typeparam>
/// <typeparam name="TSecond">B, another such class, or the same: it has weights of its own.</typeparam>
/// <param name="first">a: positive.</param>
/// <param name="second">b: positive.</param>
public sealed class SumAttribute<TFirst, TSecond>(double first, double second) : FlowLayerAttribute
    where TFirst : class
    where TSecond : class
{
    /// <summary>a, the weight of <typeparamref name="TFirst"/>.</summary>
    public double First { get; } = first;

    /// <summary>b, the weight of <typeparamref name="TSecond"/>.</summary>
    public double Second { get; } = second;
}
