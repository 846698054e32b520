namespace FlowGen;

/// <summary>The form of a coupling's conditioner.</summary>
public enum CouplingNet
{
    /// <summary>Dense layers of the declared widths with the activation between them; linear output, zero at the start. On an image, at every position by itself.</summary>
    Mlp,

    /// <summary>The same, and every hidden layer after the first adds its input: h + act(W h + b). All widths are equal.</summary>
    ResidualMlp,

    /// <summary>
    /// Convolutions of an image (Glow, section 3.3): 3x3 to the first width, 1x1 to the second (the first again if only one is given), 3x3 to the output, which is zero
    /// at the start and has a learned scale: y = (W * h + b) e^(3 k). Without widths the last alone.
    /// </summary>
    Conv,

    /// <summary>
    /// A residual network of convolutions of an image (Real NVP, section 3.7, without batch normalisation): one width, <c>Blocks</c> blocks
    /// h + 3x3(act(3x3(act(h)))), a skip connection from each to the output; normalised weights w = g v / |v|; output zero at the start.
    /// </summary>
    ResNet,

    /// <summary>
    /// <see cref="Conv"/> with an ActNorm behind each hidden convolution, as in the code of Glow: h = act((W * x + b) e^s). Initialised from the first batch, so that what goes
    /// into the activations has mean zero and deviation one.
    /// </summary>
    NormalizedConv,
}
