using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>The dense layers that make the numbers of a coupling from the coordinates it leaves alone.</summary>
/// <param name="Inputs">The number of coordinates that it reads.</param>
/// <param name="Hidden">The widths of its hidden layers.</param>
/// <param name="Outputs">The number of its outputs.</param>
/// <param name="Activation">The activation of the hidden layers.</param>
/// <param name="Net">Whether hidden layers add their input.</param>
internal sealed record Conditioner(int Inputs, EquatableArray<int> Hidden, int Outputs, Activation Activation, CouplingNet Net)
{
    // These two are not monotone: their derivative needs what went in, the others get by with what came out.
    private bool KeepsInput => Activation is Activation.Silu or Activation.Gelu;

    private bool IsResidual => Net == CouplingNet.ResidualMlp && Hidden.Count > 1;

    /// <summary>The architecture in a line.</summary>
    public string Summary
    {
        get
        {
            string widths = string.Join(" -> ", ((int[])[Inputs, .. Hidden, Outputs]).Select(static width => Literals.Of(width)));
            return Hidden.Count == 0 ? $"{widths}, linear" : $"{widths}, {(IsResidual ? "residual, " : "")}{Activation}";
        }
    }

    /// <summary>The number of parameters.</summary>
    public long ParameterCount => Layers().Sum(static layer => layer.ParameterCount);

    /// <summary>The floats of prepared weights.</summary>
    public long PreparedCount => Layers().Sum(static layer => PreparedSize(layer.Inputs, layer.Outputs));

    /// <summary>The most inputs of a layer.</summary>
    public long WidestInput => Layers().Max(static layer => layer.Inputs);

    /// <summary>Rows of scratch outside gradients, where two blocks take turns.</summary>
    public long WorkRows => Layout(recording: false).Rows;

    /// <summary>Rows of scratch in gradients, where nothing is overwritten.</summary>
    public long RecordRows => Layout(recording: true).Rows;

    /// <summary>The first row of the output, in either layout.</summary>
    public string OutputRow => Choose(static layout => layout.Output);

    /// <summary>The first row of the output in gradients.</summary>
    public string RecordedOutputRow => Literals.Of(Layout(recording: true).Output);

    /// <summary>The floats that a dense layer takes in the prepared weights: <c>Dense.PreparedSize</c>.</summary>
    public static long PreparedSize(long inputs, long outputs) => LayerSize.Pad(outputs) + LayerSize.Product(LayerSize.Pad(outputs), LayerSize.Pad(inputs));

    /// <summary>Checks widths and options as declared.</summary>
    public static void CheckOptions(string layer, EquatableArray<int> hidden, Activation activation, CouplingNet net, Findings findings)
    {
        findings.CheckDefined(layer, activation);
        findings.CheckDefined(layer, net);
        for (int i = 0; i < hidden.Count; i++)
        {
            if (hidden[i] < 1)
            {
                findings.Add(DiagnosticIds.WidthTooSmall, layer, Literals.Of(i + 1), Literals.Of(hidden[i]));
            }
            else if (hidden[i] > FlowVerifier.MaximumWidth)
            {
                findings.Add(DiagnosticIds.StackTooLarge, layer, $"a hidden layer of {Literals.Of(hidden[i])} units", Literals.Of(FlowVerifier.MaximumWidth));
            }
            else if (net == CouplingNet.ResidualMlp && hidden[i] != hidden[0])
            {
                findings.Add(DiagnosticIds.ResidualWidthsDiffer, layer, Literals.Of(hidden[0]), Literals.Of(hidden[i]));
            }
        }
    }

    /// <summary>Adds the preparation of every dense layer.</summary>
    public void Prepare(LayerCode code)
    {
        foreach (var layer in Layers())
        {
            code.Call(
                "Dense.Prepare", "preparation",
                Place.Parameters(layer.Parameters), Literals.Of(layer.Inputs), Literals.Of(layer.Outputs), Place.Weights(layer.Weights));
        }
    }

    /// <summary>The statements that evaluate the conditioner; they know <c>tile</c>, <c>input</c> and <c>weights</c>.</summary>
    public IEnumerable<string> ForwardLines()
    {
        int depth = Hidden.Count;
        foreach (var layer in Layers())
        {
            int k = layer.Index;
            string input = k == 0 ? "input" : $"Rows.Work({Choose(layout => layout.Hidden[k - 1])}, {Literals.Of(layer.Inputs)})";
            string to = k == depth ? OutputRow : Choose(layout => layout.Product[k]);
            string activation = Code(k == depth ? Activation.Identity : Activation);
            string keep = KeepsInput && k < depth ? $", preActivation: tile.Recording ? {Literals.Of(Layout(recording: true).Before[k])} : -1" : "";
            yield return $"Dense.Forward(ref tile, {input}, {Sum("weights", layer.Weights)}, outputs: {Literals.Of(layer.Outputs)}, to: {to}, {activation}{keep});";
            if (IsResidual && k > 0 && k < depth)
            {
                yield return $"Residual.Forward(ref tile, {Choose(layout => layout.Hidden[k - 1])}, {Choose(layout => layout.Product[k])}, {Choose(layout => layout.Hidden[k])}, {Literals.Of(layer.Outputs)});";
            }
        }
    }

    /// <summary>The statements of the backward pass; they know <c>tile</c>, <c>input</c>, <c>weights</c> and <c>parameters</c>.</summary>
    public IEnumerable<string> BackwardLines()
    {
        int depth = Hidden.Count;
        var rows = Layout(recording: true);
        foreach (var layer in Layers().Reverse())
        {
            int k = layer.Index;
            if (IsResidual && k > 0 && k < depth)
            {
                yield return $"Residual.Backward(ref tile, {Literals.Of(rows.Hidden[k - 1])}, {Literals.Of(rows.Product[k])}, {Literals.Of(rows.Hidden[k])}, {Literals.Of(layer.Outputs)}, {Code(Activation)}{Before(rows, k, ", ")});";
            }
            else if (IsResidual && k == 0)
            {
                yield return $"Activations.Backward(ref tile, {Literals.Of(rows.Hidden[0])}, {Literals.Of(layer.Outputs)}, {Code(Activation)}{Before(rows, 0, ", ")});";
            }

            string input = k == 0 ? "input" : $"Rows.Work({Literals.Of(rows.Hidden[k - 1])}, {Literals.Of(layer.Inputs)})";
            string from = Literals.Of(k == depth ? rows.Output : rows.Product[k]);
            string call = $"Dense.Backward(ref tile, {input}, {Sum("weights", layer.Weights)}, outputs: {Literals.Of(layer.Outputs)}, from: {from}, {Sum("parameters", layer.Parameters)}";
            yield return k == 0 ? $"{call});"
                : !IsResidual ? $"{call}, {Code(Activation)}{Before(rows, k - 1, ", ")});"
                : k < depth ? $"{call}, accumulate: true);"
                : $"{call});";
        }
    }

    private static string Code(Activation activation) => $"Activation.{activation}";

    private static string Sum(string name, long offset) => offset == 0 ? name : $"{name} + {Literals.Of(offset)}";

    private string Before(RowLayout rows, int k, string separator) => KeepsInput ? separator + Literals.Of(rows.Before[k]) : "";

    private string Choose(Func<RowLayout, long> row)
    {
        long recorded = row(Layout(recording: true));
        long reused = row(Layout(recording: false));
        return recorded == reused ? Literals.Of(recorded) : $"tile.Recording ? {Literals.Of(recorded)} : {Literals.Of(reused)}";
    }

    private IEnumerable<DenseLayer> Layers()
    {
        int inputs = Inputs;
        long parameters = 0;
        long weights = 0;
        for (int k = 0; k <= Hidden.Count; k++)
        {
            var layer = new DenseLayer(k, inputs, k == Hidden.Count ? Outputs : Hidden[k], parameters, weights);
            yield return layer;
            parameters += layer.ParameterCount;
            weights += PreparedSize(layer.Inputs, layer.Outputs);
            inputs = layer.Outputs;
        }
    }

    private RowLayout Layout(bool recording)
    {
        int depth = Hidden.Count;
        long[] product = new long[depth];
        long[] before = new long[depth];
        long[] hidden = new long[depth];
        long[] padded = [.. Hidden.Select(static width => LayerSize.Pad(width))];
        long output = LayerSize.Pad(Outputs);
        if (recording)
        {
            long next = 0;
            for (int k = 0; k < depth; k++)
            {
                product[k] = next;
                next += padded[k];
                before[k] = next;
                next += KeepsInput ? padded[k] : 0;
                hidden[k] = IsResidual && k > 0 ? next : product[k];
                next += IsResidual && k > 0 ? padded[k] : 0;
            }

            return new RowLayout(product, before, hidden, next, next + output);
        }

        // Even blocks start at row 0, odd ones behind the largest of them; a residual stack stays in the first.
        long[] blocks = [.. padded, output];
        long second = IsResidual ? padded[0] : blocks.Where(static (_, i) => i % 2 == 0).Max();
        long behind = IsResidual ? Math.Max(padded[0], output) : blocks.Where(static (_, i) => i % 2 == 1).DefaultIfEmpty(0).Max();
        for (int k = 0; k < depth; k++)
        {
            product[k] = IsResidual ? (k == 0 ? 0 : second) : (k % 2 == 0 ? 0 : second);
            hidden[k] = IsResidual ? 0 : product[k];
        }

        return new RowLayout(product, before, hidden, IsResidual || depth % 2 == 1 ? second : 0, second + behind);
    }

    /// <summary>One dense layer: its position and its place behind the conditioner's offsets.</summary>
    private sealed record DenseLayer(int Index, int Inputs, int Outputs, long Parameters, long Weights)
    {
        public long ParameterCount => LayerSize.Product(Inputs, Outputs) + Outputs;
    }

    /// <summary>First work rows: of each activated product, of what went into its activation, of each hidden layer, of the output; and their number.</summary>
    private sealed record RowLayout(long[] Product, long[] Before, long[] Hidden, long Output, long Rows);
}
