using System.Composition;
using System.Globalization;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Takes the signs from the weights of a sum.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PositiveWeightsCodeFix))]
public sealed class PositiveWeightsCodeFix() : FlowCodeFix(DiagnosticIds.WeightOfSum)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(PositiveWeightsCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("Sum") is not { Positional: [{ NameColon: null }, { NameColon: null }] } layer
            || layer.Data.ConstructorArguments is not [{ Value: double first }, { Value: double second }]
            || !CanBePositive(first)
            || !CanBePositive(second))
        {
            yield break;
        }

        string[] weights = [Positive(first, layer.Positional[0].Expression.ToString()), Positive(second, layer.Positional[1].Expression.ToString())];
        yield return new Repair($"Use the weights {weights[0]} and {weights[1]}", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.WithPositional(weights)));
    }

    private static bool CanBePositive(double weight) => Math.Abs((float)weight) is > 0 and < float.PositiveInfinity;

    private static string Positive(double weight, string written) => weight > 0 ? written : (-weight).ToString("R", CultureInfo.InvariantCulture);
}
