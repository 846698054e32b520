using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>A permutation that the user wrote down.</summary>
/// <param name="Order">z[i] = x[Order[i]].</param>
internal sealed record PermuteLayer(EquatableArray<int> Order) : FixedPermutationLayer
{
    /// <inheritdoc/>
    public override string Name => "Permute";

    /// <inheritdoc/>
    public override string Declaration => WithOptions(Name, Literals.List(Order));

    /// <summary>Reads the options.</summary>
    public static PermuteLayer Parse(AttributeArguments arguments) => new(arguments.Integers(0));

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        if (Problem(shape.Channels) is { } problem)
        {
            findings.Add(DiagnosticIds.NotAPermutation, Literals.Of(index), Literals.Of(shape.Channels - 1), problem);
        }
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) => $"[{Literals.List(Order)}]";

    private protected override int[] OrderOf(int size) => Order.ToArray();

    private string? Problem(int size)
    {
        if (Order.Count != size)
        {
            return $"it lists {Literals.Of(Order.Count)} of {Literals.Of(size)}";
        }

        bool[] seen = new bool[size];
        foreach (int source in Order)
        {
            if (source < 0 || source >= size)
            {
                return $"it lists {Literals.Of(source)}";
            }

            if (seen[source])
            {
                return $"it lists {Literals.Of(source)} twice";
            }

            seen[source] = true;
        }

        return null;
    }
}
