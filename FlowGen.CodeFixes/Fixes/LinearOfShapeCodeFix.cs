using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FlowGen.CodeFixes;

/// <summary>Takes the learned linear map of the other shape: 1x1 convolutions on images, a matrix on vectors.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LinearOfShapeCodeFix))]
public sealed class LinearOfShapeCodeFix() : FlowCodeFix(DiagnosticIds.WrongDomain)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(LinearOfShapeCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Layer is { Name: "InvertibleLinear" or "Invertible1x1Conv" } layer)
        {
            string other = context.Attribute(layer.Name == "InvertibleLinear" ? "Invertible1x1Conv" : "InvertibleLinear");
            yield return new Repair($"Use [{other}]", EquivalenceKey, edits => edits.Replace(layer.Syntax, now => now.WithName(AttributeLists.Parse(other).Name.WithTriviaFrom(now.Name))));
        }
    }
}
