using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Parsing;
using FlowGen.Generator.Verification;
using Microsoft.CodeAnalysis;

namespace FlowGen.Generator.Usage;

/// <summary>What code that uses a flow must respect.</summary>
/// <param name="Name">The flow's name.</param>
/// <param name="Size">The number of coordinates of one sample.</param>
/// <param name="DataDependent">The first layer found that must be initialised; null if there is none.</param>
/// <param name="BatchCoupled">The first layer found that trains on statistics of its batch; null if there is none.</param>
/// <param name="HasLevels">Whether the flow takes whole numbers.</param>
/// <param name="Parameters">The number of trainable parameters; null if the stack is not known.</param>
/// <param name="NotTempered">Why a scaled latent does not make a power of the density; null if it does.</param>
internal sealed record FlowFacts(string Name, long Size, string? DataDependent, string? BatchCoupled, bool HasLevels, long? Parameters, string? NotTempered)
{
    /// <summary>The facts of a class, or null if it is no sound flow.</summary>
    public static FlowFacts? Of(INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (type.OriginalDefinition.Locations.Any(static location => location.IsInSource))
        {
            return FlowParser.Parse(type.OriginalDefinition, report: null, cancellation) is { } declaration && FlowVerifier.Verify(declaration, cancellation).Flow is { } flow
                ? Create(type.Name, flow.Shape.Size, [.. flow.Layers.Select(static layer => layer.Layer)], flow.Prior, flow.Totals.Parameters)
                : null;
        }

        // Metadata keeps attributes but not their order, which these facts do not depend on.
        var layers = new List<LayerModel>();
        var marker = type.GetAttributes().FirstOrDefault(static data => KnownSymbols.IsFlow(data.AttributeClass));
        return marker is not null && Collect(type, layers, [], cancellation) && SizeOf(marker) is > 0 and var size ? Create(type.Name, size, layers, PriorOf(marker), parameters: null) : null;
    }

    private static FlowFacts Create(string name, long size, List<LayerModel> layers, Prior prior, long? parameters) => new(
        name,
        size,
        layers.Find(static layer => layer.State == LayerState.DataDependent)?.Name,
        layers.Find(static layer => layer.State == LayerState.RunningStatistics)?.Name,
        layers.Exists(static layer => layer.TakesLevels),
        parameters,
        prior == Prior.StandardLogistic ? $"the prior of '{name}' is logistic, and a scaled logistic density is no power of another"
            : layers.Find(static layer => layer.LogDet == LogDetClass.Data) is { } layer ? $"the log-determinant of '{name}' depends on the sample, by its {layer.Name}"
            : null);

    private static Prior PriorOf(AttributeData marker) =>
        marker.NamedArguments.FirstOrDefault(static argument => argument.Key == "Prior").Value is { Kind: TypedConstantKind.Enum, Value: int prior } ? (Prior)prior : Prior.StandardNormal;

    private static long SizeOf(AttributeData marker)
    {
        long size = 1;
        foreach (var argument in marker.ConstructorArguments)
        {
            size *= argument.Kind != TypedConstantKind.Array && argument.Value is int length ? length : 0;
        }

        return size;
    }

    private static bool Collect(INamedTypeSymbol type, List<LayerModel> layers, List<INamedTypeSymbol> path, CancellationToken cancellation)
    {
        if (path.Contains(type, SymbolEqualityComparer.Default))
        {
            return false;
        }

        path.Add(type);
        bool known = true;
        foreach (var data in type.GetAttributes())
        {
            if (KnownSymbols.IsRepeat(data.AttributeClass))
            {
                known &= data.AttributeClass!.TypeArguments[0] is INamedTypeSymbol step && Collect(step, layers, path, cancellation);
            }
            else if (KnownSymbols.IsLayer(data.AttributeClass))
            {
                // One attribute may stand for several layers.
                var arguments = AttributeArguments.Create(data, type, cancellation);
                string name = KnownSymbols.FullMetadataName(data.AttributeClass!);
                if (arguments is not null && LayerRegistry.CreateGroup(name, arguments) is { } group)
                {
                    layers.AddRange(group);
                }
                else if (arguments is not null && LayerRegistry.Create(name, arguments) is { } layer)
                {
                    layers.Add(layer);
                }
                else
                {
                    known = false;
                }
            }
        }

        path.RemoveAt(path.Count - 1);
        return known;
    }
}
