using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>What is proved about a whole stack, in sentences.</summary>
internal static class StackFacts
{
    /// <summary>The facts of a stack.</summary>
    /// <param name="layers">The resolved stack.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="trace">Where its coordinates went, if they were followed.</param>
    /// <param name="reachesPrior">Whether the latents reach the support of the prior.</param>
    public static List<string> Of(List<LayerModel> layers, EventShape shape, CoordinateTrace? trace, bool reachesPrior)
    {
        var whole = Whole(layers);
        var facts = new List<string> { Bijection(layers, whole), LogDet(layers, whole) };
        if (whole.Form is { Pattern: JacobianPattern.Lower or JacobianPattern.Upper })
        {
            facts.Add($"The Jacobian of the whole flow is block triangular in the order {whole.Form.Order}{(whole.Form.IsPermuted ? ", up to the places of the coordinates" : "")}.");
        }

        if (trace is not null)
        {
            AddCoverage(trace, shape.Size, facts);
        }

        facts.Add(Latent(layers, shape));
        if (reachesPrior)
        {
            facts.Add("The latents reach the whole line, which is the support of the prior.");
        }

        facts.Add(whole.Smoothness switch
        {
            Smoothness.Smooth => "The flow is smooth, and so is its density.",
            Smoothness.Once => "The flow is continuously differentiable; second derivatives jump where those of its activations do.",
            _ => "The flow is continuous; derivatives jump where those of its activations do.",
        });
        AddState(layers, facts);
        return facts;
    }

    /// <summary>The proof of a whole stack: that of the composition of its layers.</summary>
    public static LayerProof Whole(List<LayerModel> layers) => layers.Aggregate(LayerProof.Identity, static (proof, layer) => proof.Then(layer.Proof));

    private static string Bijection(List<LayerModel> layers, LayerProof whole)
    {
        int iterative = layers.Count(static layer => layer.Proof.Kind == LayerKind.Iterative);
        return $"Every layer is a bijection, so the flow is one: its inverse applies the inverses of the layers in reverse order{(iterative > 0 ? $", {Literals.Of(iterative)} of them by iteration" : "")}."
            + (whole.IsNonsingular ? "" : $" That of {Names(layers.Where(static layer => !layer.Proof.IsNonsingular))} depends on the weights, and is checked when they are used.");
    }

    private static string LogDet(List<LayerModel> layers, LayerProof whole) => whole.LogDet switch
    {
        LogDetClass.Zero => "The log-determinant is zero: the flow preserves volume.",
        LogDetClass.Constant => "The log-determinant is the same number for every sample and all weights.",
        LogDetClass.Parameters => "The log-determinant is the sum of those of the layers, and depends on the weights only.",
        _ => $"The log-determinant is the sum of those of the layers; {Literals.Of(layers.Count(static layer => layer.LogDet == LogDetClass.Data))} of {Literals.Of(layers.Count)} depend on the sample.",
    };

    private static void AddCoverage(CoordinateTrace trace, int size, List<string> facts)
    {
        if (!trace.Mixes)
        {
            facts.Add("No coordinate depends on another but by its place: the Jacobian is a permuted diagonal matrix.");
            return;
        }

        if (trace.Untransformed().Count == 0)
        {
            facts.Add($"Every coordinate of the data is transformed by at least one layer{(trace.AllCondition ? ", and conditions others in at least one" : "")}.");
        }

        if (trace.Dependences() is not var (fewest, most))
        {
            return;
        }

        string after = $"{Literals.Of(trace.MixedAfter)} of the {Literals.Of(trace.MixingLayers)} layers that mix them";
        if (fewest == size)
        {
            facts.Add($"Every latent can depend on every coordinate of the data: that takes {after}.");
            return;
        }

        string range = fewest == most ? Literals.Of(most) : $"{Literals.Of(fewest)} to {Literals.Of(most)}";
        facts.Add($"A latent can depend on {range} of the {Literals.Of(size)} coordinates of the data{(trace.MixedAfter > 0 ? $"; those that leave last depend on all after {after}" : "")}.");
    }

    private static string Latent(List<LayerModel> layers, EventShape shape)
    {
        var parts = new List<int>();
        foreach (var layer in layers)
        {
            var output = layer.Output(shape);
            if (output.Size < shape.Size)
            {
                parts.Add(shape.Size - output.Size);
            }

            shape = output;
        }

        parts.Add(shape.Size);
        string total = Literals.Of(parts.Sum());
        return parts.Count == 1
            ? $"The latent has {total} {(parts[0] == 1 ? "number" : "numbers")}, as the data has."
            : $"The latent has {total} numbers, as the data has: {string.Join(" + ", parts.Select(static part => Literals.Of(part)))}, in the order in which they leave.";
    }

    private static void AddState(List<LayerModel> layers, List<string> facts)
    {
        if (layers.Exists(static layer => layer.State == LayerState.DataDependent))
        {
            facts.Add($"{Names(layers.Where(static layer => layer.State == LayerState.DataDependent))} must be initialised from data before the first use.");
        }

        if (layers.Exists(static layer => layer.State == LayerState.RunningStatistics))
        {
            facts.Add($"{Names(layers.Where(static layer => layer.State == LayerState.RunningStatistics))} normalises by the batch in training, and by running statistics elsewhere.");
        }
    }

    private static string Names(IEnumerable<LayerModel> layers) => string.Join(", ", layers.Select(static layer => layer.Name).Distinct());
}
