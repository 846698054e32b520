using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Takes a function that is one to one and onto the whole line.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InvertibleActivationCodeFix))]
public sealed class InvertibleActivationCodeFix() : FlowCodeFix(DiagnosticIds.NotInjective, DiagnosticIds.IdentityLayer, DiagnosticIds.UndefinedOption, DiagnosticIds.RangeOfLastLayers)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(InvertibleActivationCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.LayerNamed("Elementwise") is { Positional: [{ NameColon: null }] } layer)
        {
            string function = context.Value("Activation", "LeakyRelu");
            yield return new Repair($"Use '{function}'", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.WithPositional([function])));
        }
    }
}
