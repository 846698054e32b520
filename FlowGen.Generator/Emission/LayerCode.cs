using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>The statements that a layer contributes to one member of the program.</summary>
/// <param name="conditioners">The flow's conditioners.</param>
/// <param name="shared">The objects that the program keeps.</param>
/// <param name="sums">The flow's sums.</param>
internal sealed class LayerCode(ConditionerTable conditioners, SharedObjects shared, SumTable sums)
{
    private readonly List<string> lines = [];

    /// <summary>The statements.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Adds a call of a kernel: <c>ActNorm.Forward</c>.</summary>
    /// <param name="kernel">Class and method.</param>
    /// <param name="by">The first argument, by reference.</param>
    /// <param name="arguments">The others; offsets are marks of <see cref="Place"/>.</param>
    public void Call(string kernel, string by, params string[] arguments) =>
        lines.Add($"{kernel}(ref {by}{string.Concat(arguments.Select(static argument => ", " + argument))});");

    /// <summary>Adds a call of a method of an object that the program keeps: equal layers share it.</summary>
    /// <param name="type">Its class.</param>
    /// <param name="construction">The arguments that it is made with.</param>
    /// <param name="method">The method.</param>
    /// <param name="by">The first argument, by reference.</param>
    /// <param name="arguments">The others; offsets are marks of <see cref="Place"/>.</param>
    public void CallShared(string type, string construction, string method, string by, params string[] arguments) =>
        Call($"{shared.Name(type, construction)}.{method}", by, arguments);

    /// <summary>Adds a call of a conditioner.</summary>
    public void Condition(Conditioner conditioner, CoordinateRows input) =>
        lines.Add($"{conditioners.Name(conditioner)}(ref tile, {input.Code}, {Place.Weights()}{(conditioner.ReadsParameters ? ", " + Place.Parameters() : "")});");

    /// <summary>Adds a call of a conditioner's backward pass.</summary>
    public void ConditionBackward(Conditioner conditioner, CoordinateRows input) =>
        lines.Add($"{conditioners.BackwardName(conditioner)}(ref tile, {input.Code}, {Place.Weights()}, {Place.Parameters()}{(conditioner.SumCount > 0 ? ", " + Place.Sums() : "")});");

    /// <summary>The name of the type that holds the modules of a sum.</summary>
    public string Modules(SumLayer sum, EventShape shape) => sums.Name(sum, shape);

    /// <summary>The name of a conditioner's method, with which the names of its fields start.</summary>
    public string Name(Conditioner conditioner) => conditioners.Name(conditioner);
}
