using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>What is proved about a whole stack, in sentences.</summary>
internal static class StackFacts
{
    /// <summary>The facts of a stack.</summary>
    /// <param name="layers">The resolved stack.</param>
    /// <param name="trace">Where its coordinates went, if they were followed.</param>
    public static List<string> Of(List<LayerModel> layers, CoordinateTrace? trace)
    {
        var facts = new List<string>
        {
            "Every layer is a bijection, so the flow is one: its inverse applies the inverses of the layers in reverse order.",
            LogDet(layers),
        };

        if (trace is null)
        {
            return facts;
        }

        if (!trace.Mixes)
        {
            facts.Add("No coordinate depends on another but by its place: the Jacobian is a permuted diagonal matrix.");
        }
        else if (trace.Untransformed().Count == 0)
        {
            facts.Add("Every coordinate of the data is transformed by at least one layer.");
        }

        if (trace.Mixes && trace.Independent() is { Count: 0 })
        {
            facts.Add("Every latent can depend on every coordinate of the data.");
        }

        return facts;
    }

    private static string LogDet(List<LayerModel> layers) => layers.Max(static layer => layer.LogDet) switch
    {
        LogDetClass.Zero => "The log-determinant is zero: the flow preserves volume.",
        LogDetClass.Constant => "The log-determinant is the same number for every sample and all weights.",
        LogDetClass.Parameters => "The log-determinant is the sum of those of the layers, and depends on the weights only.",
        _ => $"The log-determinant is the sum of those of the layers; {Literals.Of(layers.Count(static layer => layer.LogDet == LogDetClass.Data))} of {Literals.Of(layers.Count)} depend on the sample.",
    };
}
