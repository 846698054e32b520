using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowGen.CodeFixes.Repairs;

/// <summary>A class with layers: a flow, a step, or one that is yet neither.</summary>
internal sealed class FlowType
{
    private const string Space = "FlowGen";

    private FlowType(INamedTypeSymbol symbol, AttributeSyntax? flow, AttributeSyntax? step, int? dimensions, bool isImage, IReadOnlyList<Layer> stack)
    {
        Symbol = symbol;
        Flow = flow;
        Step = step;
        Dimensions = dimensions;
        IsImage = isImage;
        Stack = stack;
    }

    /// <summary>The class.</summary>
    public INamedTypeSymbol Symbol { get; }

    /// <summary>The attribute that makes it a flow.</summary>
    public AttributeSyntax? Flow { get; }

    /// <summary>The attribute that makes it a step.</summary>
    public AttributeSyntax? Step { get; }

    /// <summary>The flow's number of coordinates.</summary>
    public int? Dimensions { get; }

    /// <summary>Whether the flow is one of images.</summary>
    public bool IsImage { get; }

    /// <summary>The layers in source order.</summary>
    public IReadOnlyList<Layer> Stack { get; }

    /// <summary>Reads the attributes of a class.</summary>
    public static FlowType Of(INamedTypeSymbol symbol, CancellationToken cancellation)
    {
        AttributeSyntax? flow = null;
        AttributeSyntax? step = null;
        int? dimensions = null;
        bool isImage = false;
        var stack = new List<Layer>();
        foreach (var data in symbol.GetAttributes())
        {
            if (data.AttributeClass is not { } type || data.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax)
            {
                continue;
            }

            if (IsOfRuntime(type, "FlowAttribute"))
            {
                flow ??= syntax;
                isImage |= data.ConstructorArguments.Length > 1;
                dimensions ??= data.ConstructorArguments is [{ Value: int count }] ? count : null;
            }
            else if (IsOfRuntime(type, "FlowStepAttribute"))
            {
                step ??= syntax;
            }
            else if (IsOfRuntime(type.OriginalDefinition, "RepeatAttribute`1") || (type.BaseType is { } parent && IsOfRuntime(parent, "FlowLayerAttribute")))
            {
                stack.Add(new Layer(syntax, data));
            }
        }

        return new FlowType(symbol, flow, step, dimensions, isImage, [.. stack.OrderBy(static layer => layer.Syntax.SyntaxTree.FilePath, StringComparer.Ordinal).ThenBy(static layer => layer.Syntax.SpanStart)]);
    }

    /// <summary>The declarations of a class, generated ones apart.</summary>
    public static IEnumerable<TypeDeclarationSyntax> Declarations(INamedTypeSymbol type, Solution solution, CancellationToken cancellation) => type.DeclaringSyntaxReferences
        .Where(reference => solution.GetDocument(reference.SyntaxTree) is not (null or SourceGeneratedDocument))
        .Select(reference => reference.GetSyntax(cancellation))
        .OfType<TypeDeclarationSyntax>();

    /// <summary>Whether a symbol is the runtime's type of a metadata name.</summary>
    public static bool IsOfRuntime(ISymbol symbol, string metadataName) =>
        symbol is INamedTypeSymbol { ContainingType: null, ContainingNamespace: { Name: Space, ContainingNamespace.IsGlobalNamespace: true } } type && type.MetadataName == metadataName;
}
