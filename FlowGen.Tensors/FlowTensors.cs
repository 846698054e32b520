using System.Numerics.Tensors;
using FlowGen.Tensors;

namespace FlowGen;

/// <summary>
/// The members of every flow for tensors: the first dimension counts samples, the others together are the coordinates of one, <c>[N, D]</c> or <c>[N, C, H, W]</c>.
/// Tensors whose memory is row-major without gaps are used in place and cost nothing; others (transposed, every second row) are copied.
/// </summary>
public static class FlowTensors
{
    extension(IFlow flow)
    {
        /// <summary>Data to latent.</summary>
        /// <param name="x">Samples <c>[N, D]</c>.</param>
        /// <param name="z">Receives the latents <c>[N, D]</c>; may be the same memory as <paramref name="x"/>.</param>
        /// <param name="logDet">Receives log|det dz/dx| of each sample <c>[N]</c>, in nats; empty if not wanted.</param>
        /// <exception cref="ArgumentException">A shape does not fit, or tensors overlap in part.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        public void Forward(scoped in ReadOnlyTensorSpan<float> x, scoped in TensorSpan<float> z, scoped in TensorSpan<float> logDet)
        {
            Check(flow, x, z, nameof(x), nameof(z), logDet);
            var output = TensorMemory.Rent(z);
            var determinants = TensorMemory.Rent(logDet);
            flow.Forward(TensorMemory.Read(x), output, determinants);
            TensorMemory.Return(output, z);
            TensorMemory.Return(determinants, logDet);
        }

        /// <summary>Latent to data.</summary>
        /// <param name="z">Latents <c>[N, D]</c>.</param>
        /// <param name="x">Receives the samples <c>[N, D]</c>; may be the same memory as <paramref name="z"/>.</param>
        /// <param name="logDet">Receives log|det dx/dz| of each sample <c>[N]</c>, in nats; empty if not wanted.</param>
        /// <exception cref="ArgumentException">A shape does not fit, or tensors overlap in part.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        public void Inverse(scoped in ReadOnlyTensorSpan<float> z, scoped in TensorSpan<float> x, scoped in TensorSpan<float> logDet)
        {
            Check(flow, z, x, nameof(z), nameof(x), logDet);
            var output = TensorMemory.Rent(x);
            var determinants = TensorMemory.Rent(logDet);
            flow.Inverse(TensorMemory.Read(z), output, determinants);
            TensorMemory.Return(output, x);
            TensorMemory.Return(determinants, logDet);
        }

        /// <summary>The log-density of each sample, in nats.</summary>
        /// <param name="x">Samples <c>[N, D]</c>.</param>
        /// <param name="logProb">Receives log p(x) <c>[N]</c>.</param>
        /// <exception cref="ArgumentException">A shape does not fit, or tensors overlap.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        public void LogProb(scoped in ReadOnlyTensorSpan<float> x, scoped in TensorSpan<float> logProb)
        {
            ArgumentNullException.ThrowIfNull(flow);
            TensorMemory.CheckOnePerSample(logProb.Lengths, logProb.FlattenedLength, TensorMemory.CountSamples(flow, x.Lengths, nameof(x)), nameof(logProb));
            var output = TensorMemory.Rent(logProb);
            flow.LogProb(TensorMemory.Read(x), output);
            TensorMemory.Return(output, logProb);
        }

        /// <summary>Draws samples; row i depends on the seed and i alone.</summary>
        /// <param name="x">Receives the samples <c>[N, D]</c>.</param>
        /// <param name="seed">Which samples.</param>
        /// <param name="temperature">Scales the latent: 1 samples the model, 0 gives its centre; not negative.</param>
        /// <exception cref="ArgumentException">The shape does not fit, or the temperature is negative or not finite.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        public void Sample(scoped in TensorSpan<float> x, ulong seed, float temperature = 1)
        {
            ArgumentNullException.ThrowIfNull(flow);
            _ = TensorMemory.CountSamples(flow, x.Lengths, nameof(x));
            var output = TensorMemory.Rent(x);
            flow.Sample(output, seed, temperature);
            TensorMemory.Return(output, x);
        }

        /// <summary>The score function: the gradient of log p(x) by x.</summary>
        /// <param name="x">Samples <c>[N, D]</c>.</param>
        /// <param name="gradX">Receives the derivative by each coordinate of each sample <c>[N, D]</c>.</param>
        /// <exception cref="ArgumentException">A shape does not fit.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        public void Score(scoped in ReadOnlyTensorSpan<float> x, scoped in TensorSpan<float> gradX)
        {
            ArgumentNullException.ThrowIfNull(flow);
            TensorMemory.CheckSameCount(flow, gradX.Lengths, TensorMemory.CountSamples(flow, x.Lengths, nameof(x)), nameof(gradX));
            var output = TensorMemory.Rent(gradX);
            flow.Score(TensorMemory.Read(x), output);
            TensorMemory.Return(output, gradX);
        }

        /// <summary>The mean negative log-likelihood in nats, and its gradient by the trainable parameters.</summary>
        /// <param name="x">Samples <c>[N, D]</c>, N at least 1.</param>
        /// <param name="gradient">Receives the gradient <c>[TrainableCount]</c>.</param>
        /// <param name="options">As for spans.</param>
        /// <returns>The mean negative log-likelihood, in nats.</returns>
        /// <exception cref="ArgumentException">A shape does not fit.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        public double LossGradient(scoped in ReadOnlyTensorSpan<float> x, Span<float> gradient, GradientOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(flow);
            _ = TensorMemory.CountSamples(flow, x.Lengths, nameof(x));
            return flow.LossGradient(TensorMemory.Read(x), gradient, options);
        }

        /// <summary>Initialises the data-dependent layers that were not initialised yet, from the moments of a batch.</summary>
        /// <param name="x">Samples <c>[N, D]</c>, N at least 2.</param>
        /// <exception cref="ArgumentException">The shape does not fit.</exception>
        /// <exception cref="DegenerateDataException">A coordinate has no variance, or a value is not finite.</exception>
        public void Initialize(scoped in ReadOnlyTensorSpan<float> x)
        {
            ArgumentNullException.ThrowIfNull(flow);
            _ = TensorMemory.CountSamples(flow, x.Lengths, nameof(x));
            flow.Initialize(TensorMemory.Read(x));
        }
    }

    private static void Check(
        IFlow flow, scoped in ReadOnlyTensorSpan<float> from, scoped in TensorSpan<float> to, string fromName, string toName, scoped in TensorSpan<float> logDet)
    {
        ArgumentNullException.ThrowIfNull(flow);
        int samples = TensorMemory.CountSamples(flow, from.Lengths, fromName);
        TensorMemory.CheckSameCount(flow, to.Lengths, samples, toName);
        TensorMemory.CheckOnePerSample(logDet.Lengths, logDet.FlattenedLength, samples, nameof(logDet), mayBeEmpty: true);
    }
}
