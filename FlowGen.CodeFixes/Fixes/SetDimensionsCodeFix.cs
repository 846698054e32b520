using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using System.Globalization;

namespace FlowGen.CodeFixes;

/// <summary>Declares a number of dimensions that the layers can work with.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SetDimensionsCodeFix))]
public sealed class SetDimensionsCodeFix() : FlowCodeFix(DiagnosticIds.TooFewDimensions, DiagnosticIds.CouplingNeedsTwo)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(SetDimensionsCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Type is not { Flow: { ContainsDiagnostics: false } flow, Dimensions: < 2 and var declared }
            || flow.ArgumentList?.Arguments.FirstOrDefault(static argument => argument.NameEquals is null) is null)
        {
            yield break;
        }

        // A permutation knows the number.
        int listed = context.Type.Stack.Where(static layer => layer.Name == "Permute").Select(static layer => layer.Integers()?.Length ?? 0).FirstOrDefault();
        int dimensions = listed > 1 ? listed : declared < -1 && declared > int.MinValue ? -declared : 2;
        string text = dimensions.ToString(CultureInfo.InvariantCulture);
        yield return new Repair($"Declare {text} dimensions", EquivalenceKey, edits => edits.Replace(flow, now => now.WithPositional([text])));
    }
}
