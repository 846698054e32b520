using System.Composition;
using FlowGen.CodeFixes.Repairs;
using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes;

/// <summary>Moves layers that are spread over several declarations behind those of the declaration that is marked.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GatherLayersCodeFix))]
public sealed class GatherLayersCodeFix() : FlowCodeFix(DiagnosticIds.LayersSpread)
{
    /// <summary>The key of the action.</summary>
    public const string EquivalenceKey = nameof(GatherLayersCodeFix);

    /// <inheritdoc/>
    private protected override IEnumerable<Repair> Find(RepairContext context)
    {
        if (context.Type is not { Stack: { Count: > 1 } stack } || (context.Type.Flow ?? context.Type.Step) is not { } marker
            || marker.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } home)
        {
            yield break;
        }

        var (there, others) = (stack.Where(layer => IsIn(layer, home)).ToList(), stack.Where(layer => !IsIn(layer, home)).ToList());
        if (others.Count > 0 && others.TrueForAll(layer => CanMove(layer, marker, context)))
        {
            var moved = others.ConvertAll(layer => (layer, Text(layer, marker, context)));
            var last = there.Count > 0 ? there[there.Count - 1].Syntax : marker;
            yield return new Repair("Move all layers to this declaration", EquivalenceKey, edits => Gather(edits, last, moved));
        }
    }

    private static bool IsIn(Layer layer, TypeDeclarationSyntax declaration) => layer.Syntax.FirstAncestorOrSelf<TypeDeclarationSyntax>() == declaration;

    // Every name in the arguments has to mean the same at the other place, where other namespaces can be imported.
    private static bool CanMove(Layer layer, AttributeSyntax place, RepairContext context)
    {
        if (layer.Syntax.ContainsDiagnostics || layer.Syntax.ContainsDirectives)
        {
            return false;
        }

        if (layer.Syntax.SyntaxTree == place.SyntaxTree)
        {
            return true;
        }

        var from = context.ModelOf(layer.Syntax);
        var to = context.ModelOf(place);
        return FirstNames(layer.Syntax).All(name => from.GetSymbolInfo(name, context.Cancellation).Symbol is (ITypeSymbol or INamespaceSymbol) and var meaning
            && SymbolEqualityComparer.Default.Equals(meaning, to.GetSpeculativeSymbolInfo(place.SpanStart, name, SpeculativeBindingOption.BindAsTypeOrNamespace).Symbol));
    }

    // The names in arguments that are looked up: neither those behind a dot nor those of options.
    private static IEnumerable<IdentifierNameSyntax> FirstNames(AttributeSyntax attribute) => attribute.DescendantNodes()
        .OfType<IdentifierNameSyntax>()
        .Where(name => name.Parent is not (NameEqualsSyntax or NameColonSyntax or AliasQualifiedNameSyntax or AttributeSyntax)
            && !(name.Parent is MemberAccessExpressionSyntax access && access.Name == name)
            && !(name.Parent is QualifiedNameSyntax qualified && (qualified.Right == name || qualified.Parent is AttributeSyntax)));

    private static string Text(Layer layer, AttributeSyntax place, RepairContext context)
    {
        if (layer.Syntax.SyntaxTree == place.SyntaxTree)
        {
            return layer.Syntax.WithoutTrivia().ToString();
        }

        var types = layer.Syntax.Name.DescendantNodesAndSelf().OfType<TypeArgumentListSyntax>().LastOrDefault();
        return $"{Names.Attribute(context.ModelOf(place), place.SpanStart, layer.Name)}{types}{layer.Syntax.ArgumentList?.WithoutTrivia()}";
    }

    private static void Gather(SourceEdits edits, AttributeSyntax last, List<(Layer Layer, string Text)> others)
    {
        foreach (var (layer, text) in Enumerable.Reverse(others))
        {
            edits.InsertAfter(last, text);
            edits.Remove(layer.Syntax);
        }
    }
}
