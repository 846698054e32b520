using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>Changes to the sources of a solution, one after the other, each addressed by a node as it was before all of them.</summary>
/// <param name="cancellation">Stops reading sources.</param>
internal sealed class SourceEdits(CancellationToken cancellation)
{
    private readonly Dictionary<SyntaxTree, SyntaxNode> roots = [];

    /// <summary>The node as it is now; null if it was removed.</summary>
    public TNode? Current<TNode>(TNode original)
        where TNode : SyntaxNode => Root(original.SyntaxTree).GetCurrentNode(original);

    /// <summary>Puts another node in the place of one.</summary>
    public void Replace<TNode>(TNode original, Func<TNode, SyntaxNode> change)
        where TNode : SyntaxNode
    {
        if (Current(original) is { } current)
        {
            roots[original.SyntaxTree] = Root(original.SyntaxTree).ReplaceNode(current, change(current));
        }
    }

    /// <summary>Puts other nodes in the place of an element of a list.</summary>
    public void ReplaceWithMany<TNode>(TNode original, Func<TNode, IEnumerable<SyntaxNode>> change)
        where TNode : SyntaxNode
    {
        if (Current(original) is { } current)
        {
            roots[original.SyntaxTree] = Root(original.SyntaxTree).ReplaceNode(current, change(current));
        }
    }

    /// <summary>The solution with the changes.</summary>
    public Solution ApplyTo(Solution solution)
    {
        foreach (var pair in roots)
        {
            if (solution.GetDocument(pair.Key) is { } document)
            {
                solution = solution.WithDocumentSyntaxRoot(document.Id, pair.Value);
            }
        }

        return solution;
    }

    private SyntaxNode Root(SyntaxTree tree)
    {
        if (!roots.TryGetValue(tree, out var root))
        {
            var original = tree.GetRoot(cancellation);
            root = original.TrackNodes(original.DescendantNodes().Where(static node =>
                node is BaseTypeDeclarationSyntax or AttributeListSyntax or AttributeSyntax or ConstructorDeclarationSyntax));
            roots.Add(tree, root);
        }

        return root;
    }
}
