using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification;

/// <summary>From a declaration to a verified flow, or to what is wrong with it. Pure: the same declaration gives the same verdict.</summary>
internal static class FlowVerifier
{
    /// <summary>The most layers of an expanded stack.</summary>
    public const int MaximumLayers = 4096;

    /// <summary>The most coordinates of an event, and units of a hidden layer.</summary>
    public const int MaximumWidth = 1 << 24;

    // Parameters, weights and accumulators are addressed with 32 bits.
    private const long MaximumFloats = int.MaxValue - 64;

    /// <summary>Checks what can be said of a stack without a shape: the options of its own layers, not those of the steps in it.</summary>
    /// <returns>Whether the steps in it are free of errors.</returns>
    public static bool CheckOptions(EquatableArray<StackItem> stack, Findings findings)
    {
        bool sound = true;
        string? convolution = null;
        for (int i = 0; i < stack.Count; i++)
        {
            findings.Origin = i;
            if (stack[i].Times < 1)
            {
                string what = stack[i] switch
                {
                    RepeatItem repeat => $"The step '{repeat.Step}'",
                    GroupItem group => group.Name,
                    SumItem sum => sum.Text,
                    var item => ((LayerItem)item).Layer.Name,
                };
                findings.Add(DiagnosticIds.CountOutOfRange, what, Literals.Of(stack[i].Times));
            }

            switch (stack[i])
            {
                case LayerItem item:
                    if (convolution is null)
                    {
                        item.Layer.CheckOptions(findings);
                    }
                    else
                    {
                        item.Layer.CheckBehind(convolution, findings);
                    }

                    convolution = item.Layer.Convolution(convolution);
                    continue;
                case GroupItem group:
                    foreach (var layer in group.Layers)
                    {
                        layer.CheckOptions(findings);
                    }

                    break;
                case RepeatItem step:
                    sound &= IsSound(step.Items, findings);
                    break;
                case SumItem sum:
                    bool stepsSound = IsSound(sum.First.Items, findings) & IsSound(sum.Second.Items, findings);
                    SumReview.CheckOptions(sum, stepsSound, findings);
                    sound &= stepsSound;
                    break;
            }

            convolution = null;
        }

        findings.Origin = -1;
        return sound;
    }

    private static bool IsSound(EquatableArray<StackItem> step, Findings findings)
    {
        var inside = new Findings();
        bool sound = CheckOptions(step, inside) && !inside.HasErrors;
        findings.AddErrorsOf(inside);
        return sound;
    }

    /// <summary>Verifies a declaration.</summary>
    public static Verdict Verify(FlowDeclaration declaration, CancellationToken cancellation)
    {
        var findings = new Findings();
        var verdict = VerifyStack(declaration, findings, cancellation);
        return new Verdict(findings.HasErrors ? null : verdict, findings.ToArray(), findings.Errors.ToEquatableArray());
    }

    private static FlowModel? VerifyStack(FlowDeclaration declaration, Findings findings, CancellationToken cancellation)
    {
        string name = declaration.Type.DisplayName;
        bool sound = CheckOptions(declaration.Stack, findings);
        var input = declaration.Shape;
        if (input.Channels < 1 || input.Height < 1 || input.Width < 1)
        {
            findings.Add(DiagnosticIds.TooFewDimensions, name, input.IsImage ? $"{Literals.Of(input.Channels)} x {Literals.Of(input.Height)} x {Literals.Of(input.Width)}" : Literals.Of(input.Channels));
        }
        else if (LayerSize.Product(LayerSize.Product(input.Channels, input.Height), input.Width) is > MaximumWidth and var size)
        {
            findings.Add(DiagnosticIds.StackTooLarge, name, $"{Literals.Of(size)} dimensions", Literals.Of(MaximumWidth));
        }

        findings.CheckDefined(name, declaration.Prior);
        if (findings.HasErrors || !sound)
        {
            return null;
        }

        long count = StackExpansion.Count(declaration.Stack);
        if (count > MaximumLayers)
        {
            findings.Add(DiagnosticIds.StackTooLarge, name, $"{Literals.Of(count)} layers when expanded", Literals.Of(MaximumLayers));
            return null;
        }

        var expanded = StackExpansion.Expand(declaration.Stack);
        if (declaration.Prior == Prior.LearnedNormal)
        {
            expanded.Add(new ExpandedLayer(new LearnedNormalLayer(), Copy: 0, Origin: -1));
        }

        var resolved = Resolve(expanded, input, declaration.Prior, findings, cancellation);
        if (findings.HasErrors)
        {
            return null;
        }

        var placed = Placement.Place(resolved, input, out var totals);
        long most = new[] { totals.Parameters + totals.Sums, totals.Weights, totals.Buffers, totals.RecordRows, totals.WorkRows }.Max();
        if (most > MaximumFloats)
        {
            findings.Add(DiagnosticIds.StackTooLarge, name, $"{Literals.Of(most)} numbers in its largest block", Literals.Of(MaximumFloats));
            return null;
        }

        var trace = StackReview.Review(declaration, expanded, resolved, input, findings, cancellation, out bool reachesPrior);
        var facts = StackFacts.Of(resolved, input, trace, reachesPrior);
        return new FlowModel(declaration.Type, input, declaration.Prior, placed, facts.ToEquatableArray(), totals);
    }

    private static List<LayerModel> Resolve(List<ExpandedLayer> expanded, EventShape input, Prior prior, Findings findings, CancellationToken cancellation)
    {
        var alternation = new Alternation();
        var stack = new StackPrefix(input, prior);
        foreach (var layer in expanded)
        {
            cancellation.ThrowIfCancellationRequested();
            findings.Origin = layer.Origin;
            int index = stack.Layers.Count;
            if (layer.Layer.Domain != (stack.Shape.IsImage ? LayerDomain.Images : LayerDomain.Vectors) && layer.Layer.Domain != LayerDomain.Both)
            {
                findings.Add(
                    DiagnosticIds.WrongDomain, Literals.Of(index), layer.Layer.Name, layer.Layer.Domain == LayerDomain.Images ? "images" : "vectors", stack.Shape.ToString());
                break;
            }

            var resolved = layer.Layer.Resolve(alternation, stack.Shape, layer.Copy);
            bool sound = !findings.HasErrors;
            resolved.CheckPlace(stack.Shape, index, stack, findings);
            if (sound && findings.HasErrors && resolved.Domain == LayerDomain.Images)
            {
                // The shape behind a layer that does not fit is anybody's guess.
                break;
            }

            stack.Add(resolved);
        }

        findings.Origin = -1;
        return stack.Layers;
    }
}
