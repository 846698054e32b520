using FlowGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>A diagnostic and the code that it is about.</summary>
internal sealed class RepairContext
{
    private RepairContext(Solution solution, SemanticModel model, Diagnostic diagnostic, SyntaxNode node, TypeDeclarationSyntax declaration, FlowType type, CancellationToken cancellation)
    {
        Solution = solution;
        Model = model;
        Diagnostic = diagnostic;
        Node = node;
        Declaration = declaration;
        Type = type;
        Cancellation = cancellation;
        Layer = node.FirstAncestorOrSelf<AttributeSyntax>() is { ContainsDiagnostics: false } attribute ? type.Stack.FirstOrDefault(layer => layer.Syntax == attribute) : null;
    }

    /// <summary>The solution.</summary>
    public Solution Solution { get; }

    /// <summary>What the names in the document mean.</summary>
    public SemanticModel Model { get; }

    /// <summary>The diagnostic.</summary>
    public Diagnostic Diagnostic { get; }

    /// <summary>The node that it is on.</summary>
    public SyntaxNode Node { get; }

    /// <summary>The declaration that the node is in.</summary>
    public TypeDeclarationSyntax Declaration { get; }

    /// <summary>The class that is declared.</summary>
    public FlowType Type { get; }

    /// <summary>The layer that the diagnostic is on.</summary>
    public Layer? Layer { get; }

    /// <summary>The position of <see cref="Layer"/> in the stack, or -1.</summary>
    public int LayerIndex => Layer is null ? -1 : Type.Stack.ToList().IndexOf(Layer);

    /// <summary>The value of an option that the analyzer recommends.</summary>
    public string? Remedy => Diagnostic.Properties.TryGetValue(DiagnosticProperties.Remedy, out string? value) ? value : null;

    /// <summary>Stops the search.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Finds the code of a diagnostic; null if it is no longer there.</summary>
    public static async Task<RepairContext?> CreateAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (root is null || model is null || !root.FullSpan.Contains(diagnostic.Location.SourceSpan))
        {
            return null;
        }

        var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        return node.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration && model.GetDeclaredSymbol(declaration, cancellation) is { } symbol
            ? new RepairContext(document.Project.Solution, model, diagnostic, node, declaration, FlowType.Of(symbol, cancellation), cancellation)
            : null;
    }

    /// <summary>The layer that the diagnostic is on, if it is of a kind.</summary>
    public Layer? LayerNamed(string name) => Layer is { } layer && layer.Name == name ? layer : null;

#pragma warning disable RS1030 // A class can be declared in several files, and the document has the model of one.
    /// <summary>What the names in a file of the project mean.</summary>
    public SemanticModel ModelOf(SyntaxNode node) => node.SyntaxTree == Model.SyntaxTree ? Model : Model.Compilation.GetSemanticModel(node.SyntaxTree);
#pragma warning restore RS1030

    /// <summary>How a layer is written where the stack is.</summary>
    public string Attribute(string name) => Names.Attribute(Model, Node.SpanStart, name);

    /// <summary>How a value of an enumeration is written in the layers' arguments.</summary>
    public string Value(string enumeration, string value) => $"{Names.Type(Model, Node.SpanStart, enumeration)}.{value}";
}
