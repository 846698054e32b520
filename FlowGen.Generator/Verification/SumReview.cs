using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>
/// Whether a sum of two modules is invertible. Triangular matrices of one orientation and order are closed under sums and products, but nonsingular ones are not: only signs tell
/// that no entry of the diagonal of a sum is zero.
/// </summary>
internal static class SumReview
{
    /// <summary>Checks what can be said without a shape.</summary>
    /// <param name="item">The sum.</param>
    /// <param name="isSound">Whether its steps are free of errors of their own.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public static void CheckOptions(SumItem item, bool isSound, Findings findings)
    {
        CheckWeight(item, item.First.Name, item.FirstWeight, findings);
        CheckWeight(item, item.Second.Name, item.SecondWeight, findings);
        long count = StackExpansion.Count(item.First.Items) + StackExpansion.Count(item.Second.Items);
        if (count > FlowVerifier.MaximumLayers)
        {
            findings.Add(DiagnosticIds.StackTooLarge, item.Text, $"{Literals.Of(count)} layers when expanded", Literals.Of(FlowVerifier.MaximumLayers));
        }
        else if (isSound)
        {
            CheckLayers(item, item.First, findings);
            CheckLayers(item, item.Second, findings);
            if (!findings.HasErrors)
            {
                Compare(SumLayer.Of(item), static _ => true, static (one, other) => one.Triangle == other.Triangle, static direction => direction.Structure, findings);
            }
        }
    }

    /// <summary>Checks that all layers are triangular in one order; of a vector, of one channel and of one pixel there is one.</summary>
    public static void CheckOrders(SumLayer sum, EventShape shape, Findings findings)
    {
        if (shape is { IsImage: true, Channels: > 1, Pixels: > 1 })
        {
            Compare(sum, static direction => direction.ReadsPixels, static (one, other) => one.Order == other.Order, static direction => $"triangular {direction.OrderText}", findings);
        }
    }

    /// <summary>The proof of a module times a positive number, in the order of its first triangular layer.</summary>
    public static LayerProof Prove(EquatableArray<LayerModel> module, double weight)
    {
        var proof = module.Aggregate(LayerProof.Identity, static (proof, layer) => proof.Then(OfOneOrder(layer.Proof)));
        return proof with { Diagonal = proof.Diagonal.Times(DiagonalBound.Positive(weight, weight)) };
    }

    private static LayerProof OfOneOrder(LayerProof proof) =>
        proof.Form.Pattern is JacobianPattern.Lower or JacobianPattern.Upper ? proof with { Form = proof.Form with { Order = "" } } : proof;

    private static void CheckWeight(SumItem item, string step, double weight, Findings findings)
    {
        // The kernels multiply in single precision.
        float single = (float)weight;
        if (single > 0 && !float.IsInfinity(single))
        {
            return;
        }

        findings.Add(DiagnosticIds.WeightOfSum, item.Text, step, Literals.Of(weight, "R"));
    }

    private static void CheckLayers(SumItem item, SumStep step, Findings findings)
    {
        int index = 0;
        foreach (var expanded in StackExpansion.Expand(step.Items))
        {
            var layer = expanded.Layer;
            if (layer.InSum is not { } member)
            {
                findings.Add(DiagnosticIds.NotInSum, item.Text, layer.Declaration, Literals.Of(index), step.Name, Reason(layer));
            }
            else if (member.Proof.Diagonal.Sign != DiagonalSign.Positive)
            {
                findings.Add(DiagnosticIds.DiagonalOfSum, item.Text, layer.Declaration, Literals.Of(index), step.Name, member.Certificate.Diagonal);
            }

            index++;
        }
    }

    private static string Reason(LayerModel layer) =>
        layer.State != LayerState.None ? "it takes its statistics from the data, not from what a sum hands it; put it before or behind the sum"
        : layer.Proof.Form.IsPermuted ? "it changes the places of the coordinates, which a sum adds place by place"
        : layer.Proof.Form.Pattern == JacobianPattern.Diagonal ? "it takes numbers of an interval to other numbers; put it before the sum"
        : $"its Jacobian is {layer.Certificate.Structure}, and a sum adds what is diagonal, or triangular in one order";

    /// <summary>Reports the first triangular layer, among some, that does not agree with the first of them.</summary>
    private static void Compare(SumLayer sum, Func<Direction, bool> which, Func<Direction, Direction, bool> agree, Func<Direction, string> describe, Findings findings)
    {
        var triangular = sum.Layers
            .Select((layer, i) => (Layer: layer, Place: i < sum.First.Count ? $"layer {Literals.Of(i)} of its first step" : $"layer {Literals.Of(i - sum.First.Count)} of its second step"))
            .Where(entry => entry.Layer.Direction is { } direction && which(direction))
            .ToList();
        int other = triangular.FindIndex(entry => !agree(entry.Layer.Direction!.Value, triangular[0].Layer.Direction!.Value));
        if (other > 0)
        {
            var (one, place) = triangular[0];
            var (next, nextPlace) = triangular[other];
            findings.Add(
                DiagnosticIds.TrianglesOfSum, sum.Text, one.Declaration, place, describe(one.Direction!.Value), next.Declaration, nextPlace, describe(next.Direction!.Value));
        }
    }
}
