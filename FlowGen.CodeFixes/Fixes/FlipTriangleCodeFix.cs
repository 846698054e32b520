using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Turns the second of two Mint layers of one orientation round.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FlipTriangleCodeFix))]
public sealed class FlipTriangleCodeFix() : FlowCodeFix(DiagnosticIds.SameTriangle, DiagnosticIds.SameTriangleOfVector)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(FlipTriangleCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("MintLayer") is { Times: 1, Positional: [{ NameColon: null }] } layer && context.Remedy is { } remedy)
        {
            string triangle = context.Value("Triangle", remedy);
            yield return new Repair($"Turn it round: '{triangle}'", EquivalenceKey, edits =>
            {
                // In a run of equal layers every second one turns: one behind a turned one is right as it is.
                var before = context.Type.Stack.Take(context.LayerIndex).LastOrDefault(static other => other.Name == "MintLayer");
                if (before is null || edits.Current(before.Syntax) is not { } now || now.IsEquivalentTo(before.Syntax))
                {
                    edits.Replace(layer.Syntax, attribute => attribute.WithPositional([triangle]));
                }
            });
        }
    }
}
