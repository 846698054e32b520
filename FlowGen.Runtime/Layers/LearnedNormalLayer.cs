using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Standardises by a learned mean -b and deviation e^-s: the end of a flow with <see cref="Prior.LearnedNormal"/>.</summary>
/// <param name="size">The number of coordinates, or of channels.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class LearnedNormalLayer(int size, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "LearnedNormal";

    /// <inheritdoc/>
    public override string Declaration => Kind;

    private protected override void DeclareTensors(TensorList list)
    {
        list.Trainable("bias", Size);
        list.Trainable("log_scale", Size);
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x) => DiagonalReference.Forward(weights, x);

    internal override double Inverse(ReferenceWeights weights, Span<double> z) => DiagonalReference.Inverse(weights, z);

    internal override bool MayDepend(int output, int input) => output == input;
}
