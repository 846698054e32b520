using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Moves what stands between the halves of a pair and changes the order of the coordinates behind it.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveBehindPairCodeFix))]
public sealed class MoveBehindPairCodeFix() : FlowCodeFix(DiagnosticIds.PairDivided)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(MoveBehindPairCodeFix);

    // These leave every coordinate where it is.
    private static readonly string[] Diagonal = ["ActNorm", "BatchNorm", "Elementwise", "Logit", "Rescale", "SinhArcsinh", "Standardize"];

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("MintLayer") is not { } upper)
        {
            yield break;
        }

        // A half that comes from a step, or a step between the halves, is left to the user.
        var between = context.Type.Stack.Take(context.LayerIndex).Reverse().TakeWhile(static layer => layer.Name != "MintLayer").Reverse().ToList();
        var moved = between.Where(static layer => !Diagonal.Contains(layer.Name)).ToList();
        if (moved.Count == 0 || between.Count == context.LayerIndex || between.Exists(static layer => layer.IsRepeat))
        {
            yield break;
        }

        string[] texts = [.. moved.Select(static layer => layer.Syntax.WithoutTrivia().ToString())];
        yield return new Repair($"Move [{string.Join(", ", texts)}] behind the pair", EquivalenceKey, edits =>
        {
            foreach (var layer in moved)
            {
                edits.Remove(layer.Syntax);
            }

            foreach (string text in Enumerable.Reverse(texts))
            {
                edits.InsertAfter(upper.Syntax, text);
            }
        });
    }
}
