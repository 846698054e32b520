namespace FlowGen;

/// <summary>An elementwise function: between the layers of a conditioner, or a layer of its own with <c>[Elementwise]</c>.</summary>
public enum Activation
{
    /// <summary>max(x, 0). In conditioners only: it is not injective.</summary>
    Relu,

    /// <summary>x where positive, 0.01 x elsewhere.</summary>
    LeakyRelu,

    /// <summary>x where positive, e^x - 1 elsewhere (Clevert, Unterthiner and Hochreiter, 2016, with alpha = 1: continuously differentiable).</summary>
    Elu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>log(1 + e^x).</summary>
    Softplus,

    /// <summary>x sigmoid(x). In conditioners only: it is not monotone.</summary>
    Silu,

    /// <summary>x Phi(x) with the normal distribution function Phi. In conditioners only: it is not monotone.</summary>
    Gelu,

    /// <summary>x itself.</summary>
    Identity,
}
