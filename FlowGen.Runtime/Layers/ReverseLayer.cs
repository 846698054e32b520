using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>Reverses the order of the coordinates: see <see cref="ReverseAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class ReverseLayer(int size, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "Reverse";

    /// <inheritdoc/>
    public override string Declaration => Kind;

    private protected override void DeclareTensors(TensorList list)
    {
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        x.Reverse();
        return 0;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        z.Reverse();
        return 0;
    }

    internal override bool MayDepend(int output, int input) => output + input == Size - 1;
}
