using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Parsing;

/// <summary>From a class marked as a flow to its declaration as values. The generator and the analyzers call the same parser.</summary>
internal static class FlowParser
{
    /// <summary>The declaration, or null if it does not compile or another part cannot be added to the class.</summary>
    /// <param name="type">The class.</param>
    /// <param name="report">Told of what is wrong; null in the generator.</param>
    /// <param name="cancellation">Stops parsing.</param>
    public static FlowDeclaration? Parse(INamedTypeSymbol type, ReportProblem? report, CancellationToken cancellation) => Parse(type, report, isToldAll: false, cancellation);

    /// <summary>The declaration, or the members that the class gets all the same; null if another part cannot be added to it.</summary>
    /// <param name="type">The class.</param>
    /// <param name="declaration">One of its declarations that are marked as a flow; the first is completed.</param>
    /// <param name="cancellation">Stops parsing.</param>
    public static ParsedFlow? ParseOrComplete(INamedTypeSymbol type, SyntaxNode declaration, CancellationToken cancellation)
    {
        if (!TypeParser.IsNamed(type))
        {
            return null;
        }

        if (Parse(type, report: null, cancellation) is { } flow)
        {
            return new ParsedFlow(flow, Surface: null);
        }

        var marker = type.GetAttributes().FirstOrDefault(static data => KnownSymbols.IsFlow(data.AttributeClass))?.ApplicationSyntaxReference;
        if (marker is null || marker.SyntaxTree != declaration.SyntaxTree || !declaration.Span.Contains(marker.Span) || !TypeParser.AdmitsPart(type, cancellation))
        {
            return null;
        }

        // Once more, and told what is wrong: a sound declaration need not find out where it would be told.
        var errors = new SortedSet<string>(StringComparer.Ordinal);
        void Note(string id, Location location, string[] arguments)
        {
            if (Descriptors.Get(id).DefaultSeverity == DiagnosticSeverity.Error)
            {
                _ = errors.Add(id);
            }
        }

        _ = Parse(type, Note, isToldAll: true, cancellation);
        return new ParsedFlow(Declaration: null, SurfaceParser.Parse(type, errors, cancellation));
    }

    private static FlowDeclaration? Parse(INamedTypeSymbol type, ReportProblem? report, bool isToldAll, CancellationToken cancellation)
    {
        AttributeData? marker = null;
        foreach (var data in type.GetAttributes())
        {
            if (KnownSymbols.IsFlow(data.AttributeClass))
            {
                if (marker is not null)
                {
                    // Twice on one class is an error of the compiler.
                    return null;
                }

                marker = data;
            }
        }

        if (marker is null || !TypeParser.Check(type, report, cancellation))
        {
            return null;
        }

        cancellation.ThrowIfCancellationRequested();
        var members = new MemberParser(type, report, cancellation);
        bool sound = members.Check();
        var stack = new StackParser(report, cancellation, isToldAll).Parse(type, "Flow");
        if (!sound || stack is not { } items || AttributeArguments.Create(marker, type, cancellation) is not { } arguments)
        {
            return null;
        }

        return new FlowDeclaration(
            TypeParser.Identify(type, members.EngineName()),
            arguments.Count == 3
                ? EventShape.Image(arguments.Int32(0), arguments.Int32(1), arguments.Int32(2))
                : EventShape.Vector(arguments.Int32(0)),
            arguments.Enum("Prior", Prior.StandardNormal),
            items);
    }
}
