using FlowGen.Verification;

namespace FlowGen;

/// <summary>
/// Holds a flow against its own mathematics: the compiled code in single precision against an interpreter in double precision that shares nothing
/// with it but the declaration. Meant for unit tests:
/// <code>FlowVerifier.Verify(flow, samples).ThrowIfFailed();</code>
/// </summary>
/// <remarks>
/// <para>For every layer, and for the whole flow, with the weights as they are:</para>
/// <list type="bullet">
/// <item>latents, and log-dets of both directions, the latter against log|det| of the Jacobian of the reference by differences, so that a log-det
/// which is wrong in both directions alike is seen (1e-6 times the sum of the absolute terms, plus 1e-5);</item>
/// <item>round trips both ways, from the data and from latents of the prior (1e-4, or 64 * 2^-24 times the condition of the Jacobian);</item>
/// <item>outputs that a layer claims not to depend on an input keep every bit when it changes;</item>
/// <item>a sample's result keeps every bit whether it is computed alone or in the batch;</item>
/// <item>gradients by the data and by the parameters, in both memory modes and with batch statistics where a layer has them, against differences of
/// the reference's loss (1e-4).</item>
/// </list>
/// <para>
/// Errors are relative to max(1, the largest value of the sample or tensor). Samples outside the domain of the flow, beyond the range of single
/// precision or on a kink are counted as skipped; a check in which nothing could be compared counts as failed.
/// </para>
/// </remarks>
public static class FlowVerifier
{
    /// <summary>Verifies a flow with its current weights.</summary>
    /// <param name="flow">The flow; data-dependent layers must be initialised.</param>
    /// <param name="samples">Data <c>[N, D]</c> like what the flow is used on, at least one sample.</param>
    /// <param name="options">How thoroughly to look.</param>
    /// <returns>A row for each check; nothing is thrown for a flow that fails.</returns>
    /// <exception cref="ArgumentException">There is no sample, or the length is not a multiple of the event's size.</exception>
    /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
    public static VerificationReport Verify(this IFlow flow, ReadOnlySpan<float> samples, VerifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return Verify(flow.Engine, samples, options ?? new VerifierOptions());
    }

    internal static VerificationReport Verify(FlowEngine engine, ReadOnlySpan<float> samples, VerifierOptions options)
    {
        options.Validate();
        int size = engine.Description.EventShape.Size;
        if (samples.IsEmpty || samples.Length % size != 0)
        {
            throw new ArgumentException(
                $"{engine.Description.Name} is verified on at least one sample of {size} numbers; {samples.Length} numbers were given.", nameof(samples));
        }

        return new VerificationRun(engine, samples.ToArray(), options).Run();
    }
}
