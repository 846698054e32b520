using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using System.Globalization;

namespace FlowGen.CodeFixes;

/// <summary>Gives hidden layers without units the width of their neighbours.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HiddenWidthCodeFix))]
public sealed class HiddenWidthCodeFix() : FlowCodeFix(DiagnosticIds.WidthTooSmall)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(HiddenWidthCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is not { IsCoupling: true } layer || layer.Integers() is not { } widths || widths.All(static width => width > 0))
        {
            yield break;
        }

        int typical = widths.Where(static width => width > 0).DefaultIfEmpty(64).Max();
        var values = widths.Select((width, i) => width > 0 ? layer.Positional[i].Expression.ToString()
            : (width < 0 && width > int.MinValue ? -width : typical).ToString(CultureInfo.InvariantCulture)).ToList();
        yield return new Repair($"Make the hidden layers {string.Join(", ", values)} wide", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.WithPositional(values)));
    }
}
