namespace FlowGen;

/// <summary>How an affine coupling makes its scale e^s from the raw output u of its conditioner.</summary>
public enum ScaleFunction
{
    /// <summary>s = a tanh(u) with one learned a per coupling: bounded by e^|a| both ways (Real NVP, section 4.1).</summary>
    TanhBounded,

    /// <summary>s = u: unbounded.</summary>
    Exp,

    /// <summary>e^s = sigmoid(u + 2) + floor: between the floor and 1 + floor (Glow's code, with the floor of nflows).</summary>
    Sigmoid,
}
