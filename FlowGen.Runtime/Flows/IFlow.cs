using System.ComponentModel;

namespace FlowGen;

/// <summary>
/// A normalizing flow: a bijection between data x and latent z with a tractable log-determinant, and a simple density for z.
/// Batches are row-major <c>[N, D]</c>. Inference is concurrent; writing parameters, loading, training and initialising are exclusive with it.
/// </summary>
/// <remarks>
/// What a sample gets depends on it and on the parameters alone. One that has a NaN has a NaN as its log-density; one that single precision cannot hold on its way through the layers,
/// an infinity among them, gets NaN or an infinity. Neither is an error, and its neighbours get what they get without it.
/// </remarks>
public interface IFlow
{
    /// <summary>The named tensors: trainable parameters and buffers.</summary>
    FlowParameters Parameters { get; }

    /// <summary>Whether every data-dependent layer was initialised, fitted, loaded, or told that its weights are final.</summary>
    bool IsInitialized { get; }

    /// <summary>Runs the generated program; shared by the members that every flow has.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    FlowEngine Engine { get; }

    /// <summary>Data to latent.</summary>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <param name="z">Receives the latents <c>[N, D]</c>; may be the same span as <paramref name="x"/>.</param>
    /// <param name="logDet">Receives log|det dz/dx| of each sample <c>[N]</c>, in nats; empty if not wanted.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap in part.</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    void Forward(ReadOnlySpan<float> x, Span<float> z, Span<float> logDet);

    /// <summary>Latent to data. Layers that are inverted by iteration: see <see cref="InverseNotConvergedException"/>.</summary>
    /// <param name="z">Latents <c>[N, D]</c>.</param>
    /// <param name="x">Receives the samples <c>[N, D]</c>; may be the same span as <paramref name="z"/>.</param>
    /// <param name="logDet">Receives log|det dx/dz| of each sample <c>[N]</c>, in nats; empty if not wanted.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap in part.</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    /// <exception cref="InverseNotConvergedException">A finite sample has no number in single precision that comes near to it; an inverse with an <see cref="InverseReport"/> names the samples instead.</exception>
    void Inverse(ReadOnlySpan<float> z, Span<float> x, Span<float> logDet);

    /// <summary>The log-density of each sample: log p(z) + log|det dz/dx|, in nats.</summary>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <param name="logProb">Receives log p(x) <c>[N]</c>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap.</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    void LogProb(ReadOnlySpan<float> x, Span<float> logProb);

    /// <summary>Draws samples; row i depends on the seed and i alone.</summary>
    /// <param name="x">Receives the samples <c>[N, D]</c>.</param>
    /// <param name="seed">Which samples.</param>
    /// <param name="temperature">Scales the latent: 1 samples the model, 0 gives its centre; not negative.</param>
    /// <exception cref="ArgumentException">The length does not fit, or the temperature is negative or not finite.</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    void Sample(Span<float> x, ulong seed, float temperature = 1);

    /// <summary>The mean negative log-likelihood in nats, and its gradient by the trainable parameters.</summary>
    /// <param name="x">Samples <c>[N, D]</c>, N at least 1.</param>
    /// <param name="gradient">Receives the gradient <c>[TrainableCount]</c>.</param>
    /// <param name="options">Memory mode, training mode, sample weights; the default stores activations and evaluates with running statistics.</param>
    /// <returns>The mean negative log-likelihood, in nats.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap.</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    double LossGradient(ReadOnlySpan<float> x, Span<float> gradient, GradientOptions? options = null);

    /// <summary>Pulls gradients by z and by the log-determinant back to the data and the parameters, for losses of one's own.</summary>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <param name="gradZ">dL/dz <c>[N, D]</c>.</param>
    /// <param name="gradLogDet">dL/dlog|det dz/dx| <c>[N]</c>.</param>
    /// <param name="gradX">Receives dL/dx <c>[N, D]</c>; empty if not wanted.</param>
    /// <param name="gradient">Receives dL/dparameters <c>[TrainableCount]</c>; empty if not wanted.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap.</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    void Pullback(ReadOnlySpan<float> x, ReadOnlySpan<float> gradZ, ReadOnlySpan<float> gradLogDet, Span<float> gradX, Span<float> gradient);

    /// <summary>Initialises the data-dependent layers that were not initialised yet, layer after layer, from the moments of a batch.</summary>
    /// <param name="x">Samples <c>[N, D]</c>, N at least 2.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    /// <exception cref="DegenerateDataException">A coordinate has no variance, or a value is not finite.</exception>
    void Initialize(ReadOnlySpan<float> x);
}
