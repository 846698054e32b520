using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Gives options of BatchNorm that are out of range their defaults.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BatchNormOptionsCodeFix))]
public sealed class BatchNormOptionsCodeFix() : FlowCodeFix(DiagnosticIds.BatchNormOption)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(BatchNormOptionsCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("BatchNorm") is not { } layer)
        {
            yield break;
        }

        var wrong = new List<string>();
        if (layer.Value("Momentum") is double momentum && !(momentum > 0 && momentum <= 1))
        {
            wrong.Add("Momentum");
        }

        if (layer.Value("Epsilon") is double epsilon && !(epsilon > 0 && (float)epsilon < float.PositiveInfinity))
        {
            wrong.Add("Epsilon");
        }

        if (wrong.Count > 0)
        {
            yield return new Repair(
                $"Use the default of {string.Join(" and ", wrong)}", EquivalenceKey,
                edits => edits.Replace(layer.Syntax, now => wrong.Aggregate(now, static (attribute, name) => attribute.Without(name))));
        }
    }
}
