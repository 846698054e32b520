using System.Globalization;
using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>A fixed random permutation z[i] = x[order[i]]: see <see cref="ShuffleAttribute"/>.</summary>
/// <param name="size">The number of coordinates.</param>
/// <param name="seed">Which permutation.</param>
/// <param name="certificate">What the compiler proved.</param>
public sealed class ShuffleLayer(int size, ulong seed, LayerCertificate certificate) : LayerDescription(size, certificate)
{
    private readonly int[] order = SeededShuffle.Create(size, seed);

    /// <inheritdoc/>
    public override string Kind => "Shuffle";

    /// <inheritdoc/>
    public override string Declaration => DeclarationText.Of(Kind, Seed.ToString(CultureInfo.InvariantCulture));

    /// <summary>Which permutation.</summary>
    public ulong Seed { get; } = seed;

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
