using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>What a valid stack is still warned of: coverage, alternation, mixing, volume, range.</summary>
internal static class StackReview
{
    // Coordinates times layers beyond which coverage is not followed while typing.
    private const long CoverageBudget = 100_000_000;

    /// <summary>Follows the coordinates through the stack and reports what is suspect.</summary>
    /// <param name="declaration">The flow.</param>
    /// <param name="expanded">Where its layers come from.</param>
    /// <param name="layers">The resolved stack.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="findings">Receives what is suspect.</param>
    /// <param name="cancellation">Stops the review.</param>
    /// <param name="reachesPrior">Whether the latents reach the support of the prior.</param>
    /// <returns>Where the coordinates went; null if the stack is too large to follow them.</returns>
    public static CoordinateTrace? Review(
        FlowDeclaration declaration,
        List<ExpandedLayer> expanded,
        List<LayerModel> layers,
        EventShape shape,
        Findings findings,
        CancellationToken cancellation,
        out bool reachesPrior)
    {
        string name = declaration.Type.DisplayName;
        CoordinateTrace? trace = null;
        if ((long)shape.Size * layers.Count <= CoverageBudget)
        {
            trace = new CoordinateTrace(shape);
            Follow(expanded, layers, shape, trace, findings, cancellation);
            findings.Origin = -1;
            ReviewCoverage(name, shape, trace, findings);
        }

        if (layers.TrueForAll(static layer => layer.LogDet is LogDetClass.Zero or LogDetClass.Constant))
        {
            findings.Add(DiagnosticIds.VolumePreserving, name);
        }

        if (layers[0].TakesLevels && declaration.Prior == Prior.StandardNormal && !layers.Exists(static layer => layer.Centres))
        {
            findings.Origin = expanded[0].Origin;
            findings.Add(DiagnosticIds.OffCentreData, name);
            findings.Origin = -1;
        }

        TriangularReview.Review(name, expanded, layers, shape, findings);
        reachesPrior = ReviewRange(declaration, expanded, layers, findings);
        return trace;
    }

    private static void Follow(
        List<ExpandedLayer> expanded, List<LayerModel> layers, EventShape shape, CoordinateTrace trace, Findings findings, CancellationToken cancellation)
    {
        int coupling = -1;
        for (int i = 0; i < layers.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            int before = trace.Couplings;
            int emitted = trace.Emitted;
            layers[i].Trace(trace, shape);
            if (trace.Untouched > 0 && trace.Emitted > emitted)
            {
                findings.Origin = expanded[i].Origin;
                findings.Add(DiagnosticIds.SplitUntouched, Literals.Of(i), Literals.Of(trace.Untouched), Literals.Of(trace.Emitted - emitted));
            }

            shape = layers[i].Output(shape);
            if (trace.Couplings == before)
            {
                continue;
            }

            // A split with a learned prior couples what leaves with what stays, as the coupling before it may have done: that is how Glow is built.
            if (trace.RepeatsCoupling && layers[i] is CouplingLayer repeated)
            {
                findings.Origin = expanded[i].Origin;
                // Copies of one attribute have its partition in common: only alternation tells them apart.
                var remedy = expanded[i].Origin == expanded[coupling].Origin ? Partition.Alternate
                    : CoordinateRows.Complement(repeated.Transforms);
                findings.AddWithRemedy(
                    DiagnosticIds.SamePartition, remedy.ToString(),
                    Literals.Of(i), layers[i].Declaration, Literals.Of(coupling), layers[coupling].Declaration);
            }

            coupling = i;
        }
    }

    private static void ReviewCoverage(string name, EventShape shape, CoordinateTrace trace, Findings findings)
    {
        var untransformed = trace.Untransformed();
        if (untransformed.Count > 0)
        {
            findings.Add(DiagnosticIds.Untransformed, name, Coordinates(untransformed, shape.Size));
        }
        else if (!shape.IsImage && trace.Mixes && trace.Independent() is { Count: > 0 } independent)
        {
            findings.Add(
                DiagnosticIds.IncompleteMixing,
                name, Literals.Of(independent.Count), Literals.Of((long)shape.Size * shape.Size), Literals.Of(independent.Latent), Literals.Of(independent.Coordinate));
        }
    }

    private static bool ReviewRange(FlowDeclaration declaration, List<ExpandedLayer> expanded, List<LayerModel> layers, Findings findings)
    {
        var range = ValueRange.Line;
        var named = range;
        int bounding = -1;
        for (int i = 0; i < layers.Count; i++)
        {
            range = layers[i].Range(range);
            if (range == ValueRange.Line)
            {
                bounding = -1;
            }
            else if (layers[i].Bounds)
            {
                // An end that weights have moved is within the range that the layer has by itself.
                bounding = i;
                named = range.Known(layers[i].Range(ValueRange.Line));
            }
        }

        if (bounding >= 0)
        {
            findings.Origin = expanded[bounding].Origin;
            findings.Add(
                DiagnosticIds.RangeOfLastLayers,
                Literals.Of(bounding), layers[bounding].Declaration, named.LowText, named.HighText, declaration.Prior.ToString());
            findings.Origin = -1;
        }

        return bounding < 0;
    }

    private static string Coordinates(List<int> which, int size)
    {
        if (which.Count == size)
        {
            return "any coordinate";
        }

        string list = Literals.List(which.Take(8)) + (which.Count > 8 ? $", ... ({Literals.Of(which.Count)} of {Literals.Of(size)})" : "");
        return $"{(which.Count == 1 ? "coordinate" : "coordinates")} {list}";
    }
}
