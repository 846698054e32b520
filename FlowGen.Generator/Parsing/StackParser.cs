using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Parsing;

/// <summary>The stack of a flow or a step: its attributes, with the steps that they name.</summary>
/// <param name="report">Told of what is wrong; null in the generator.</param>
/// <param name="cancellation">Stops parsing.</param>
/// <param name="isToldAll">Whether what is wrong inside a step is told, too.</param>
internal sealed class StackParser(ReportProblem? report, CancellationToken cancellation, bool isToldAll = false)
{
    /// <summary>The stack of a class, or null if it has none or it does not compile.</summary>
    /// <param name="type">The class.</param>
    /// <param name="marker">How the class is marked: Flow or FlowStep.</param>
    public EquatableArray<StackItem>? Parse(INamedTypeSymbol type, string marker) => Parse(type, marker, [], entry: null);

    // What is wrong inside a step is said there: only the outermost stack reports, unless all is wanted, and what leads back to it at the attribute that enters the step.
    private ReportProblem? Told(Location? entry) => entry is null || isToldAll ? report : null;

    private EquatableArray<StackItem>? Parse(INamedTypeSymbol type, string marker, List<INamedTypeSymbol> path, Location? entry)
    {
        cancellation.ThrowIfCancellationRequested();
        var problems = Told(entry);

        // An attribute that does not exist may be a layer that is being typed.
        if (DeclaredAttributes.Stack(type, out bool isBroken) is var stack && isBroken)
        {
            return null;
        }

        if (stack.Count == 0)
        {
            problems?.Invoke(DiagnosticIds.NoLayers, DeclaredAttributes.NameOf(type, cancellation), type.Name, marker);
            return null;
        }

        int declarations = DeclaredAttributes.CountDeclarations(stack, cancellation);
        if (declarations > 1)
        {
            problems?.Invoke(DiagnosticIds.LayersSpread, DeclaredAttributes.NameOf(type, cancellation), type.Name, Literals.Of(declarations));
            return null;
        }

        var items = new List<StackItem>();
        bool sound = true;
        foreach (var data in stack)
        {
            var item = AttributeArguments.Create(data, type, cancellation) is { } arguments ? ParseItem(type, data, arguments, path, entry) : null;
            sound &= item is not null;
            if (item is not null)
            {
                items.Add(item);
            }
        }

        return sound ? items.ToEquatableArray() : null;
    }

    private StackItem? ParseItem(INamedTypeSymbol type, AttributeData data, AttributeArguments arguments, List<INamedTypeSymbol> path, Location? entry)
    {
        var problems = Told(entry);
        if (KnownSymbols.IsRepeat(data.AttributeClass))
        {
            return ParseStep(type, 0, data, path, entry) is var (name, items) ? new RepeatItem(name, items, arguments.Int32(0)) : null;
        }

        if (KnownSymbols.IsSum(data.AttributeClass))
        {
            // Both, so that each says what is wrong with it.
            var first = ParseStep(type, 0, data, path, entry);
            var second = ParseStep(type, 1, data, path, entry);
            return first is var (a, ofFirst) && second is var (b, ofSecond)
                ? new SumItem(new(a, ofFirst), arguments.Double(0, 0), new(b, ofSecond), arguments.Double(1, 0), arguments.Int32("Times", 1))
                : null;
        }

        string attribute = KnownSymbols.FullMetadataName(data.AttributeClass!);
        if (LayerRegistry.Create(attribute, arguments) is { } layer)
        {
            return layer.IsReadable ? new LayerItem(layer, arguments.Int32("Times", 1)) : null;
        }

        if (LayerRegistry.CreateGroup(attribute, arguments) is { } layers)
        {
            string caption = data.AttributeClass!.Name;
            return new GroupItem(caption.Substring(0, caption.Length - "Attribute".Length), layers.ToEquatableArray(), arguments.Int32("Times", 1));
        }

        problems?.Invoke(DiagnosticIds.UnknownLayer, DeclaredAttributes.Location(data, cancellation), data.AttributeClass!.Name);
        return null;
    }

    private (string Name, EquatableArray<StackItem> Items)? ParseStep(INamedTypeSymbol type, int position, AttributeData data, List<INamedTypeSymbol> path, Location? entry)
    {
        if (data.AttributeClass!.TypeArguments[position] is not INamedTypeSymbol { TypeKind: not TypeKind.Error } step)
        {
            return null;
        }

        var problems = Told(entry);
        var location = report is null ? Location.None : DeclaredAttributes.Location(data, cancellation);
        if (!SymbolEqualityComparer.Default.Equals(step.ContainingAssembly, type.ContainingAssembly))
        {
            problems?.Invoke(DiagnosticIds.ForeignStep, location, step.Name, step.ContainingAssembly?.Name ?? "");
            return null;
        }

        if (!step.GetAttributes().Any(static attribute => KnownSymbols.IsStep(attribute.AttributeClass)))
        {
            problems?.Invoke(DiagnosticIds.NotAStep, location, step.Name);
            return null;
        }

        List<INamedTypeSymbol> inside = [.. path, type];
        int start = inside.FindIndex(other => SymbolEqualityComparer.Default.Equals(other.OriginalDefinition, step.OriginalDefinition));
        if (start >= 0)
        {
            // Every member of a cycle is told; what only leads to one is not.
            if (start == 0 || isToldAll)
            {
                report?.Invoke(DiagnosticIds.StepCycle, entry ?? location, step.Name, string.Join(" -> ", inside.Append(step).Select(static member => member.Name)));
            }

            return null;
        }

        return Parse(step, "FlowStep", inside, entry ?? location) is { } items ? (step.Name, items) : null;
    }
}
