namespace FlowGen;

/// <summary>How thoroughly <see cref="FlowVerifier"/> looks. The defaults take less than a second for a flow of a few coordinates, some seconds for tens of them with wide conditioners, and up to half a minute for hundreds.</summary>
public sealed class VerifierOptions
{
    /// <summary>The most samples that are checked against the reference; they are spread evenly over those given.</summary>
    public int Samples { get; init; } = 16;

    /// <summary>The most coordinates that are perturbed, or differentiated by where the whole Jacobian is too large; drawn by <see cref="Seed"/>.</summary>
    public int Coordinates { get; init; } = 64;

    /// <summary>
    /// How many parameters of each tensor are differentiated by one at a time, drawn by <see cref="Seed"/>; besides, each tensor is checked along one
    /// random direction, which sees all its parameters.
    /// </summary>
    public int ParametersPerTensor { get; init; } = 8;

    /// <summary>
    /// The largest number of coordinates for which Jacobians are computed whole. Above it, the determinant of a layer is that of the blocks of its
    /// claimed structure (whose zeros are checked by themselves), and that of the flow is their product.
    /// </summary>
    public int JacobianUpTo { get; init; } = 64;

    /// <summary>
    /// Roughly how many multiplications of the reference interpreter the Jacobians, and again the gradients, may take: for large flows fewer samples
    /// and parameters are looked at, which the report says.
    /// </summary>
    public long Effort { get; init; } = 2_000_000_000;

    /// <summary>What coordinates, parameters, directions and latents are drawn from.</summary>
    public ulong Seed { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Coordinates, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ParametersPerTensor, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(JacobianUpTo, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Effort, 1);
    }
}
