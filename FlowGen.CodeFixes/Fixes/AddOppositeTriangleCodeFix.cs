using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Adds the opposite orientation between two Mint layers of the same, or behind one without counterpart, and makes pairs of copies.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddOppositeTriangleCodeFix))]
public sealed class AddOppositeTriangleCodeFix() : FlowCodeFix(DiagnosticIds.SameTriangle, DiagnosticIds.SameTriangleOfVector, DiagnosticIds.OneTriangle)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(AddOppositeTriangleCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is not { Name: "MintLayer" or "MaskedConv", Positional: [{ NameColon: null }] } layer || context.Remedy is not { } remedy)
        {
            yield break;
        }

        bool isAlone = context.Diagnostic.Id == DiagnosticIds.OneTriangle;
        if (isAlone || layer.Times == 1)
        {
            string opposite = layer.Syntax.WithoutTrivia().WithPositional([context.Value("Triangle", remedy)]).ToString();
            yield return new Repair($"Insert [{opposite}]", EquivalenceKey, edits => Insert(edits, layer.Syntax, opposite, isAlone));
        }
        else
        {
            string pair = context.Attribute("MintPair");
            yield return new Repair($"Make pairs: [{pair}]", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => Pair(now, pair)));
        }
    }

    private static void Insert(SourceEdits edits, AttributeSyntax layer, string opposite, bool behind)
    {
        if (behind)
        {
            edits.InsertAfter(layer, opposite);
        }
        else
        {
            edits.InsertBefore(layer, opposite);
        }
    }

    // What stands between the name and the first option that is kept goes with the orientation.
    private static AttributeSyntax Pair(AttributeSyntax layer, string pair)
    {
        var options = layer.Without(static argument => argument.NameEquals is null);
        return options.WithName(AttributeLists.Parse(pair).Name.WithTriviaFrom(options.Name));
    }
}
