namespace FlowGen.Generator.Model;

// The enumerations of the runtime, value by value: the compiler hands attribute arguments over as numbers.

/// <summary>As <c>FlowGen.Activation</c>.</summary>
internal enum Activation
{
    Relu,
    LeakyRelu,
    Elu,
    Tanh,
    Sigmoid,
    Softplus,
    Silu,
    Gelu,
    Identity,
}

/// <summary>As <c>FlowGen.Partition</c>.</summary>
internal enum Partition
{
    Alternate,
    EvenIndices,
    OddIndices,
    FirstHalf,
    SecondHalf,
    EvenPixels,
    OddPixels,
}

/// <summary>As <c>FlowGen.CouplingNet</c>.</summary>
internal enum CouplingNet
{
    Mlp,
    ResidualMlp,
    Conv,
    ResNet,
    NormalizedConv,
}

/// <summary>As <c>FlowGen.ScaleFunction</c>.</summary>
internal enum ScaleFunction
{
    TanhBounded,
    Exp,
    Sigmoid,
}

/// <summary>As <c>FlowGen.AffineForm</c>.</summary>
internal enum AffineForm
{
    ScaleThenShift,
    ShiftThenScale,
}

/// <summary>As <c>FlowGen.SqueezeOrder</c>.</summary>
internal enum SqueezeOrder
{
    ChannelMajor,
    Checkerboard,
    SpaceToDepth,
}

/// <summary>As <c>FlowGen.SplitPrior</c>.</summary>
internal enum SplitPrior
{
    Standard,
    Learned,
}

/// <summary>As <c>FlowGen.Half</c>.</summary>
internal enum Half
{
    First,
    Second,
}

/// <summary>As <c>FlowGen.LinearParameterization</c>.</summary>
internal enum LinearParameterization
{
    Plu,
    Dense,
}

/// <summary>As <c>FlowGen.Triangle</c>.</summary>
internal enum Triangle
{
    Lower,
    Upper,
}

/// <summary>As <c>FlowGen.TriangularOrder</c>.</summary>
internal enum TriangularOrder
{
    ChannelMajor,
    PixelMajor,
}

/// <summary>As <c>FlowGen.Prior</c>.</summary>
internal enum Prior
{
    StandardNormal,
    StandardLogistic,
    LearnedNormal,
}
