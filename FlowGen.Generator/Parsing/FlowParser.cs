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
    public static FlowDeclaration? Parse(INamedTypeSymbol type, ReportProblem? report, CancellationToken cancellation)
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
        var stack = new StackParser(report, cancellation).Parse(type, "Flow");
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
