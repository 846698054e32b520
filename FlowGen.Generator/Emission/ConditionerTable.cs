using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;

namespace FlowGen.Generator.Emission;

/// <summary>The distinct conditioners of a flow, each with the names of its methods.</summary>
internal sealed class ConditionerTable
{
    private readonly Dictionary<Conditioner, int> numbers = [];
    private readonly List<Conditioner> order = [];

    /// <summary>The conditioners in the order of their numbers.</summary>
    public IReadOnlyList<Conditioner> Conditioners => order;

    /// <summary>The name of the method that evaluates a conditioner.</summary>
    public string Name(Conditioner conditioner) => $"Conditioner{Literals.Of(Number(conditioner))}";

    /// <summary>The name of the method that takes its gradient.</summary>
    public string BackwardName(Conditioner conditioner) => $"Conditioner{Literals.Of(Number(conditioner))}Backward";

    private int Number(Conditioner conditioner)
    {
        if (!numbers.TryGetValue(conditioner, out int number))
        {
            number = order.Count;
            numbers.Add(conditioner, number);
            order.Add(conditioner);
        }

        return number;
    }
}
