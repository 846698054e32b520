using FlowGen.Random;

namespace FlowGen;

/// <summary>What every flow can do beside the members that are generated for it.</summary>
public static class FlowExtensions
{
    /// <summary>Data to latent.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <returns>Latents <c>[N, D]</c>.</returns>
    /// <inheritdoc cref="IFlow.Forward" path="/exception"/>
    public static float[] Forward(this IFlow flow, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(flow);
        float[] z = new float[x.Length];
        flow.Forward(x, z, new float[CountSamples(flow, x.Length)]);
        return z;
    }

    /// <summary>Data to latent, with the statistics that a mode asks for.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <param name="z">Receives the latents <c>[N, D]</c>.</param>
    /// <param name="logDet">Receives log|det dz/dx| of each sample <c>[N]</c>, in nats.</param>
    /// <param name="mode">In <see cref="FlowMode.Training"/>, BatchNorm uses the statistics of this batch, and its share of the log-det is a convention.</param>
    /// <inheritdoc cref="IFlow.Forward" path="/exception"/>
    public static void Forward(this IFlow flow, ReadOnlySpan<float> x, Span<float> z, Span<float> logDet, FlowMode mode)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (mode == FlowMode.Training)
        {
            flow.Engine.ForwardTraining(x, z, logDet);
        }
        else
        {
            flow.Forward(x, z, logDet);
        }
    }

    /// <summary>Pulls gradients by z and by the log-determinant back to the data and the parameters, with the statistics that a mode asks for.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <param name="gradZ">dL/dz <c>[N, D]</c>.</param>
    /// <param name="gradLogDet">dL/dlog|det dz/dx| <c>[N]</c>.</param>
    /// <param name="gradX">Receives dL/dx <c>[N, D]</c>; empty if not wanted.</param>
    /// <param name="gradient">Receives dL/dparameters <c>[TrainableCount]</c>; empty if not wanted.</param>
    /// <param name="mode">In <see cref="FlowMode.Training"/>, gradients also go through the statistics of the batch.</param>
    /// <inheritdoc cref="IFlow.Pullback" path="/exception"/>
    public static void Pullback(
        this IFlow flow, ReadOnlySpan<float> x, ReadOnlySpan<float> gradZ, ReadOnlySpan<float> gradLogDet, Span<float> gradX, Span<float> gradient, FlowMode mode)
    {
        ArgumentNullException.ThrowIfNull(flow);
        flow.Engine.Pullback(x, gradZ, gradLogDet, gradX, gradient, mode);
    }

    /// <summary>Latent to data.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="z">Latents <c>[N, D]</c>.</param>
    /// <returns>Samples <c>[N, D]</c>.</returns>
    /// <inheritdoc cref="IFlow.Inverse" path="/exception"/>
    public static float[] Inverse(this IFlow flow, ReadOnlySpan<float> z)
    {
        ArgumentNullException.ThrowIfNull(flow);
        float[] x = new float[z.Length];
        flow.Inverse(z, x, new float[CountSamples(flow, z.Length)]);
        return x;
    }

    /// <summary>Latent to data, with what iterative layers (MintNet) reached of each sample.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="z">Latents <c>[N, D]</c>.</param>
    /// <param name="x">Receives the samples <c>[N, D]</c>.</param>
    /// <param name="logDet">Receives log|det dx/dz| of each sample <c>[N]</c>, in nats.</param>
    /// <param name="options">How far to go.</param>
    /// <returns>Residual, bound and work of each sample. Where the tolerance was not met it says so; nothing is thrown.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <inheritdoc cref="IFlow.Inverse" path="/exception"/>
    public static InverseReport Inverse(this IFlow flow, ReadOnlySpan<float> z, Span<float> x, Span<float> logDet, InverseOptions options)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(options);
        return flow.Engine.Inverse(z, x, logDet, options);
    }

    /// <summary>The log-density of each sample, in nats.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <returns>log p(x) of each sample <c>[N]</c>.</returns>
    /// <inheritdoc cref="IFlow.LogProb" path="/exception"/>
    public static float[] LogProb(this IFlow flow, ReadOnlySpan<float> x)
    {
        ArgumentNullException.ThrowIfNull(flow);
        float[] logProb = new float[CountSamples(flow, x.Length)];
        flow.LogProb(x, logProb);
        return logProb;
    }

    /// <summary>Draws samples; row i depends on the seed and i alone.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="count">N, the number of samples.</param>
    /// <param name="seed">Which samples.</param>
    /// <param name="temperature">Scales the latent: 1 samples the model, 0 gives its centre.</param>
    /// <returns>Samples <c>[N, D]</c>.</returns>
    /// <inheritdoc cref="IFlow.Sample" path="/exception"/>
    public static float[] Sample(this IFlow flow, int count, ulong seed = 0, float temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        float[] x = new float[checked(count * Size(flow))];
        flow.Sample(x, seed, temperature);
        return x;
    }

    /// <summary>Draws samples and their log-densities under the flow, in one pass.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Receives the samples <c>[N, D]</c>: those of <see cref="IFlow.Sample"/> at the same seed.</param>
    /// <param name="logProb">Receives log p(x) of each sample <c>[N]</c>, in nats.</param>
    /// <param name="seed">Which samples.</param>
    /// <inheritdoc cref="IFlow.Sample" path="/exception"/>
    public static void SampleWithLogProb(this IFlow flow, Span<float> x, Span<float> logProb, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(flow);
        int count = CountSamples(flow, x.Length);
        if (logProb.Length != count)
        {
            throw new ArgumentException($"{flow.Engine.Description.Name}: {count} samples have as many log-densities; logProb holds {logProb.Length}.", nameof(logProb));
        }

        flow.Engine.SampleLatent(x, logProb, seed);
        float[] logDet = new float[count];
        flow.Inverse(x, x, logDet);
        for (int i = 0; i < count; i++)
        {
            // log p(x) = log p(z) - log|det dx/dz|.
            logProb[i] -= logDet[i];
        }
    }

    /// <summary>Draws samples and their log-densities under the flow, in one pass.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="count">N, the number of samples.</param>
    /// <param name="seed">Which samples.</param>
    /// <returns>Samples <c>[N, D]</c> and log p(x) of each <c>[N]</c>, in nats.</returns>
    /// <inheritdoc cref="IFlow.Sample" path="/exception"/>
    public static (float[] X, float[] LogProb) SampleWithLogProb(this IFlow flow, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        float[] x = new float[checked(count * Size(flow))];
        float[] logProb = new float[count];
        flow.SampleWithLogProb(x, logProb, seed);
        return (x, logProb);
    }

    /// <summary>The score function: the gradient of log p(x) by x.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <param name="gradX">Receives the derivative by each coordinate of each sample <c>[N, D]</c>.</param>
    /// <inheritdoc cref="IFlow.Pullback" path="/exception"/>
    public static void Score(this IFlow flow, ReadOnlySpan<float> x, Span<float> gradX)
    {
        ArgumentNullException.ThrowIfNull(flow);
        flow.Engine.Score(x, gradX);
    }

    /// <summary>The score function: the gradient of log p(x) by x.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Samples <c>[N, D]</c>.</param>
    /// <returns>The derivative by each coordinate of each sample <c>[N, D]</c>.</returns>
    /// <inheritdoc cref="IFlow.Pullback" path="/exception"/>
    public static float[] Score(this IFlow flow, ReadOnlySpan<float> x)
    {
        float[] gradX = new float[x.Length];
        flow.Score(x, gradX);
        return gradX;
    }

    /// <summary>
    /// The mean negative log-likelihood of discrete data, in bits per dimension: -log p / (D ln 2) of the whole numbers plus uniform noise, a bound on the
    /// discrete model's (Theis, van den Oord and Bethge, 2016).
    /// </summary>
    /// <param name="flow">A flow whose first layer is <see cref="DequantizeAttribute"/>.</param>
    /// <param name="x">Whole numbers in [0, Bins), <c>[N, D]</c>, N at least 1.</param>
    /// <param name="draws">How many times noise is drawn for each sample.</param>
    /// <param name="seed">Which noise: it depends on the seed, the draw and the sample's content, not on its position.</param>
    /// <returns>Bits per dimension.</returns>
    /// <exception cref="InvalidOperationException">The flow has no <see cref="DequantizeAttribute"/>: its density is not one of discrete data.</exception>
    /// <exception cref="ArgumentException">The length does not fit, there are no samples, or a value is not a whole number in [0, Bins).</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    public static double BitsPerDim(this IFlow flow, ReadOnlySpan<float> x, int draws = 1, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        int bins = RequireBins(flow);
        int size = Size(flow);
        int count = CountSamples(flow, x.Length);
        if (count == 0)
        {
            throw new ArgumentException($"{flow.Engine.Description.Name}: bits per dimension are a mean over samples, and there are none.", nameof(x));
        }

        RequireLevels(flow, x, bins);
        const int Chunk = 1024;
        float[] noisy = new float[Math.Min(count, Chunk) * size];
        float[] logProb = new float[Math.Min(count, Chunk)];
        double sum = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            for (int row = 0; row < count; row += Chunk)
            {
                int rows = Math.Min(Chunk, count - row);
                for (int i = 0; i < rows; i++)
                {
                    var sample = x.Slice((row + i) * size, size);
                    DequantizationNoise.Add(sample, noisy.AsSpan(i * size, size), seed, draw);
                }

                flow.LogProb(noisy.AsSpan(0, rows * size), logProb.AsSpan(0, rows));
                for (int i = 0; i < rows; i++)
                {
                    sum += logProb[i];
                }
            }
        }

        return -sum / ((double)draws * count * size * Math.Log(2));
    }

    /// <summary>Draws discrete samples: floor of the samples, clipped to the levels.</summary>
    /// <param name="flow">A flow whose first layer is <see cref="DequantizeAttribute"/> with at most 256 bins.</param>
    /// <param name="count">N, the number of samples.</param>
    /// <param name="seed">Which samples.</param>
    /// <param name="temperature">Scales the latent.</param>
    /// <returns>Levels <c>[N, D]</c>.</returns>
    /// <exception cref="InvalidOperationException">The flow has no <see cref="DequantizeAttribute"/>, or one with more than 256 bins.</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    public static byte[] SampleBytes(this IFlow flow, int count, ulong seed = 0, float temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(flow);
        int bins = RequireBins(flow);
        if (bins > 256)
        {
            throw new InvalidOperationException($"{flow.Engine.Description.Name} has {bins} levels; a byte holds 256.");
        }

        float[] x = flow.Sample(count, seed, temperature);
        byte[] levels = new byte[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            // A sample that is not a number becomes level 0, as the conversion of a clipped NaN would be undefined.
            levels[i] = float.IsNaN(x[i]) ? (byte)0 : (byte)Math.Clamp(MathF.Floor(x[i]), 0, bins - 1);
        }

        return levels;
    }

    private static int Size(IFlow flow) => flow.Engine.Description.EventShape.Size;

    /// <summary>The samples that a length holds; what is left over is reported by the member that is called with it.</summary>
    private static int CountSamples(IFlow flow, int length) => length / Size(flow);

    private static int RequireBins(IFlow flow) => flow.Engine.Description.Bins
        ?? throw new InvalidOperationException(
            $"{flow.Engine.Description.Name} does not begin with [Dequantize]: its density is one of continuous data, which has no bits per dimension and no levels.");

    private static void RequireLevels(IFlow flow, ReadOnlySpan<float> x, int bins)
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (!(x[i] >= 0 && x[i] < bins) || x[i] != MathF.Floor(x[i]))
            {
                throw new ArgumentException(
                    $"{flow.Engine.Description.Name} takes whole numbers in [0, {bins}); coordinate {i % Size(flow)} of sample {i / Size(flow)} is {x[i]}.", nameof(x));
            }
        }
    }
}
