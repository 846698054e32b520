using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using System.Globalization;

namespace FlowGen.CodeFixes;

/// <summary>Completes a permutation: indices that are wrong, missing or listed twice give way to those that are missing.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CompletePermutationCodeFix))]
public sealed class CompletePermutationCodeFix() : FlowCodeFix(DiagnosticIds.NotAPermutation)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(CompletePermutationCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("Permute") is not { } layer || layer.Integers() is not { } order || context.Type.Dimensions is not { } size || size is < 1 or > Longest)
        {
            yield break;
        }

        bool fromOne = order.Length == size && order.OrderBy(static index => index).SequenceEqual(Enumerable.Range(1, size));
        int[] completed = fromOne ? [.. order.Select(static index => index - 1)] : Complete(order, size);
        if (!completed.SequenceEqual(order))
        {
            string[] values = [.. completed.Select((index, i) => i < order.Length && order[i] == index
                ? layer.Positional[i].Expression.ToString()
                : index.ToString(CultureInfo.InvariantCulture))];
            yield return new Repair(
                fromOne ? "Count the indices from 0" : $"Complete the permutation to {string.Join(", ", values.Take(8))}{(size > 8 ? ", ..." : "")}", EquivalenceKey,
                edits => edits.Replace(layer.Syntax, now => now.WithPositional(values)));
        }
    }

    // Longer lists are not written by hand.
    private const int Longest = 256;

    private static int[] Complete(int[] order, int size)
    {
        var seen = new HashSet<int>();
        int[] completed = new int[size];
        for (int i = 0; i < size; i++)
        {
            completed[i] = i < order.Length && order[i] >= 0 && order[i] < size && seen.Add(order[i]) ? order[i] : -1;
        }

        // An index behind the end of the list is missing too.
        var missing = new Queue<int>(Enumerable.Range(0, size).Where(index => !seen.Contains(index)));
        return [.. completed.Select(index => index >= 0 ? index : missing.Dequeue())];
    }
}
