using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>A fixed permutation z[i] = x[order[i]]: see <see cref="PermuteAttribute"/>.</summary>
/// <param name="order">Every index 0 .. D - 1 once.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class PermuteLayer(int[] order, LayerCertificate certificate) : LayerDescription(order.Length, certificate)
{
    /// <inheritdoc/>
    public override string Kind => "Permute";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(Kind, DeclarationText.List(order));

    /// <summary>z[i] = x[Order[i]].</summary>
    public IReadOnlyList<int> Order => order;

    private protected override void DeclareTensors(TensorList list) => list.Buffer("order", TensorElement.Index, Size);

    internal override void Start(Span<float> trainables, Span<float> buffers, ParameterRandom random) =>
        ReferencePermutation.Store(order, buffers);

    internal override double Forward(ReferenceWeights weights, Span<double> x)
    {
        ReferencePermutation.Forward(weights["order"], x);
        return 0;
    }

    internal override double Inverse(ReferenceWeights weights, Span<double> z)
    {
        ReferencePermutation.Inverse(weights["order"], z);
        return 0;
    }

    internal override bool MayDepend(int output, int input) => order[output] == input;
}
