using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>The sum of two steps.</summary>
/// <param name="First">The first step.</param>
/// <param name="FirstWeight">What its value is multiplied by.</param>
/// <param name="Second">The second step.</param>
/// <param name="SecondWeight">What its value is multiplied by.</param>
/// <param name="Times">How often the sum is inserted.</param>
internal sealed record SumItem(SumStep First, double FirstWeight, SumStep Second, double SecondWeight, int Times) : StackItem(Times)
{
    /// <summary>The sum as it is declared.</summary>
    public string Text => $"Sum<{First.Name}, {Second.Name}>({Literals.Of(FirstWeight)}, {Literals.Of(SecondWeight)})";
}

/// <summary>A step of a sum.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Items">Its stack.</param>
internal sealed record SumStep(string Name, EquatableArray<StackItem> Items);
