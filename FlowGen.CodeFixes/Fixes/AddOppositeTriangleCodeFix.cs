using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Adds the opposite orientation between two Mint layers of the same, and makes pairs of copies.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddOppositeTriangleCodeFix))]
public sealed class AddOppositeTriangleCodeFix() : FlowCodeFix(DiagnosticIds.SameTriangle, DiagnosticIds.SameTriangleOfVector)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(AddOppositeTriangleCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("MintLayer") is not { Positional: [{ NameColon: null }] } layer || context.Remedy is not { } remedy)
        {
            yield break;
        }

        if (layer.Times == 1)
        {
            string opposite = layer.Syntax.WithoutTrivia().WithPositional([context.Value("Triangle", remedy)]).ToString();
            yield return new Repair($"Insert [{opposite}]", EquivalenceKey, edits => edits.InsertBefore(layer.Syntax, opposite));
        }
        else
        {
            string pair = context.Attribute("MintPair");
            yield return new Repair($"Make pairs: [{pair}]", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => Pair(now, pair)));
        }
    }

    // What stands between the name and the first option that is kept goes with the orientation.
    private static AttributeSyntax Pair(AttributeSyntax layer, string pair)
    {
        var options = layer.Without(static argument => argument.NameEquals is null);
        return options.WithName(AttributeLists.Parse(pair).Name.WithTriviaFrom(options.Name));
    }
}
