using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>
/// Whether Mint layers meet their mirror images: of one orientation alone, a layer has blind spots on an image, and on a vector the first coordinate
/// sees nothing of the others.
/// </summary>
internal static class TriangularReview
{
    /// <summary>Reports what is not paired.</summary>
    /// <param name="name">The flow's name.</param>
    /// <param name="expanded">The expanded stack.</param>
    /// <param name="layers">The resolved stack.</param>
    /// <param name="shape">The shape of a sample.</param>
    /// <param name="findings">Receives what is suspect.</param>
    public static void Review(string name, List<ExpandedLayer> expanded, List<LayerModel> layers, EventShape shape, Findings findings)
    {
        ReviewOrientations(name, expanded, layers, shape, findings);
        int last = -1;
        int between = -1;
        int obstacle = -1;
        bool closes = false;
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] is MintLayer layer)
            {
                if (last >= 0 && shape.Size > 1)
                {
                    findings.Origin = expanded[i].Origin;
                    closes = ReviewPair(layers, last, closes, between >= 0, obstacle, i, layer, shape, findings);
                    findings.Origin = -1;
                }

                last = i;
                between = -1;
                obstacle = -1;
            }
            else if (!layers[i].KeepsCoordinates(shape))
            {
                between = i;
                obstacle = obstacle < 0 && !layers[i].KeepsOrder(shape) ? i : obstacle;
            }

            shape = layers[i].Output(shape);
        }
    }

    /// <summary>
    /// Reports an image flow whose triangular layers all look one way, with nothing but diagonal layers between them. Two Mint layers in a row are reported
    /// as such; of a vector, the coordinates that a latent does not see are.
    /// </summary>
    private static void ReviewOrientations(string name, List<ExpandedLayer> expanded, List<LayerModel> layers, EventShape shape, Findings findings)
    {
        var triangular = layers.Where(static layer => layer.Direction is not null).ToList();
        if (!shape.IsImage || shape.Pixels == 1 || triangular.Count == 0 || triangular.Count(static layer => layer is MintLayer) > 1
            || triangular.Exists(layer => layer.Direction!.Value.Triangle != triangular[0].Direction!.Value.Triangle)
            || (shape.Channels > 1 && triangular.Exists(layer => layer.Direction!.Value.Order != triangular[0].Direction!.Value.Order))
            || layers.Exists(layer => layer.Direction is null && !layer.KeepsCoordinates(shape)))
        {
            return;
        }

        int index = layers.FindLastIndex(static layer => layer.Direction is not null);
        bool lower = triangular[0].Direction!.Value.Triangle == Triangle.Lower;
        findings.Origin = expanded[index].Origin;
        findings.AddWithRemedy(
            DiagnosticIds.OneTriangle, lower ? "Upper" : "Lower",
            Literals.Of(index), layers[index].Declaration, name, lower ? "lower" : "upper", lower ? "upper" : "lower");
        findings.Origin = -1;
    }

    /// <summary>Reports what is not paired about a layer and the one before it.</summary>
    /// <param name="layers">The resolved stack.</param>
    /// <param name="last">The Mint layer before.</param>
    /// <param name="closes">Whether that is the second half of a pair, be it divided.</param>
    /// <param name="isApart">Whether a layer between the two moves, mixes or names coordinates otherwise.</param>
    /// <param name="obstacle">The first layer between the two that moves or mixes coordinates; -1 if there is none.</param>
    /// <param name="index">The position of the layer.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="shape">The shape of its input.</param>
    /// <param name="findings">Receives what is suspect.</param>
    /// <returns>Whether the layer is the second half of a pair.</returns>
    private static bool ReviewPair(List<LayerModel> layers, int last, bool closes, bool isApart, int obstacle, int index, MintLayer layer, EventShape shape, Findings findings)
    {
        var other = (MintLayer)layers[last];
        string[] both = [Literals.Of(index), layer.Declaration, Literals.Of(last), other.Declaration];
        if (other.Triangle == layer.Triangle)
        {
            // In two orders they are not blind to the same neighbours.
            if (!isApart && IsOneOrder(other, layer, shape))
            {
                string remedy = layer.Triangle == Triangle.Lower ? "Upper" : "Lower";
                findings.AddWithRemedy(shape.IsImage ? DiagnosticIds.SameTriangle : DiagnosticIds.SameTriangleOfVector, remedy, [.. both, remedy]);
            }

            return false;
        }

        if (!isApart)
        {
            if (!IsOneOrder(other, layer, shape))
            {
                findings.AddWithRemedy(DiagnosticIds.PairOfTwoOrders, other.Order.ToString(), both);
            }

            return !closes;
        }

        // What stands between two pairs divides neither.
        if (closes || layer.Triangle != Triangle.Upper || obstacle < 0 || layers[obstacle].Direction is not null)
        {
            return false;
        }

        findings.Add(DiagnosticIds.PairDivided, [.. both, Literals.Of(obstacle), layers[obstacle].Declaration]);
        return true;
    }

    /// <summary>Whether what two layers read comes before in one order: of one channel, of one pixel, or where one of them sees no other pixel, both orders are.</summary>
    private static bool IsOneOrder(TriangularLayer one, TriangularLayer other, EventShape shape) =>
        one.Order == other.Order || !shape.IsImage || shape.Channels == 1 || shape.Pixels == 1 || one.Kernel == 1 || other.Kernel == 1;
}
