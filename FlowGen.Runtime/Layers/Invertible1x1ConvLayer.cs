using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>A learned linear map of the channels, the same at every position (Glow, section 3.2): see <see cref="Invertible1x1ConvAttribute"/>.</summary>
/// <param name="size">The number of channels.</param>
/// <param name="parameterization">How the matrix is stored.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class Invertible1x1ConvLayer(int size, LinearParameterization parameterization, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "Invertible1x1Conv";

    /// <inheritdoc/>
    public override string Declaration =>
        DeclarationText.Of(Kind, DeclarationText.Choice("Parameterization", Parameterization, LinearParameterization.Plu));

    /// <summary>How the matrix is stored.</summary>
    public LinearParameterization Parameterization { get; } = parameterization;

    /// <summary>The matrix.</summary>
    internal LinearMap Map { get; } = LinearMap.Create(size, parameterization);

    private protected override void DeclareTensors(TensorList list) => Map.DeclareTensors(list);

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random) => Map.Start(trainables, buffers, random);

    internal override double Forward(ReferenceWeights weights, Span<double> x) => Map.Forward(weights, x);

    internal override double Inverse(ReferenceWeights weights, Span<double> z) => Map.Inverse(weights, z);

    internal override bool MayDepend(int output, int input) => true;
}
