using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;
using FlowGen.Random;

namespace FlowGen.Generator.Layers;

/// <summary>A permutation drawn from a seed.</summary>
/// <param name="Seed">Which permutation.</param>
internal sealed record ShuffleLayer(ulong Seed) : FixedPermutationLayer
{
    /// <inheritdoc/>
    public override string Name => "Shuffle";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Literals.Of(Seed));

    /// <inheritdoc/>
    public override string Caption => Name;

    /// <inheritdoc/>
    public override ulong Counter => Seed;

    /// <summary>Reads the options.</summary>
    public static ShuffleLayer Parse(AttributeArguments arguments) => new(arguments.UInt64(0));

    /// <summary>Copies of one attribute take the seeds that follow.</summary>
    public override LayerModel Resolve(Alternation alternation, EventShape shape, int copy) => new ShuffleLayer(unchecked(Seed + (ulong)copy));

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"{Size(shape)}, {Place.Counter()}";

    private protected override int[] OrderOf(int size) => SeededShuffle.Create(size, Seed);
}
