using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>The dense layers that make the numbers of a coupling from the coordinates it leaves alone.</summary>
/// <param name="Inputs">The number of coordinates that it reads.</param>
/// <param name="Hidden">The widths of its hidden layers.</param>
/// <param name="Outputs">The number of its outputs.</param>
/// <param name="Activation">The activation of the hidden layers.</param>
/// <param name="Net">Whether hidden layers add their input.</param>
internal sealed record DenseConditioner(int Inputs, EquatableArray<int> Hidden, int Outputs, Activation Activation, CouplingNet Net) : Conditioner
{
    private bool KeepsInput => KeepsInputOf(Activation);

    private string OutputRow => Choose(static layout => layout.Output);

    // Deeper networks of one input: the first two layers as a table of pieces, the others one by one.
    private bool HasLine => Net == CouplingNet.Mlp && Hidden.Count > 2 && LineConditioner.Pays(Inputs, Hidden, Activation);

    private string LineShape => $"hidden: {Literals.Of(Hidden[0])}, second: {Literals.Of(Hidden[1])}, outputs: 0";

    private bool IsResidual => Net == CouplingNet.ResidualMlp && Hidden.Count > 1;

    /// <inheritdoc/>
    public override string Summary
    {
        get
        {
            string widths = string.Join(" -> ", ((int[])[Inputs, .. Hidden, Outputs]).Select(static width => Literals.Of(width)));
            return Hidden.Count == 0 ? $"{widths}, linear" : $"{widths}, {(IsResidual ? "residual, " : "")}{Activation}{(HasLine ? $": the first two layers as a table of {Literals.Of(Hidden[0] + 1)} linear pieces" : "")}";
        }
    }

    /// <inheritdoc/>
    public override long ParameterCount => Layers().Sum(static layer => layer.ParameterCount);

    /// <inheritdoc/>
    public override long PreparedCount => Layers().Last().EndOfWeights;

    /// <inheritdoc/>
    public override long TableCount => HasLine ? LineConditioner.TableSize(Hidden[0], Hidden[1]) : 0;

    /// <inheritdoc/>
    public override long SumCount => HasLine ? LineConditioner.SumSize(Hidden[0], Hidden[1], outputs: 0) : 0;

    /// <inheritdoc/>
    public override bool ReadsParameters => true;

    /// <inheritdoc/>
    public override long WidestInput => Layers().Max(static layer => layer.Inputs);

    /// <inheritdoc/>
    public override long WorkRows => Layout(recording: false).Rows;

    /// <inheritdoc/>
    public override long RecordRows => Layout(recording: true).Rows;

    /// <summary>The floats that a dense layer takes in the prepared weights: <c>Dense.PreparedSize</c>.</summary>
    public static long PreparedSize(long inputs, long outputs)
    {
        long padded = LayerSize.Pad(outputs);
        return padded + LayerSize.Product(padded % 256 == 0 ? padded + 16 : padded, LayerSize.Pad(inputs));
    }

    /// <inheritdoc/>
    public override string[] OutputArguments(LayerCode code) => [OutputRow];

    /// <inheritdoc/>
    public override string RecordedOutput(LayerCode code) => Literals.Of(Layout(recording: true).Output);

    /// <inheritdoc/>
    public override void Prepare(LayerCode code)
    {
        if (HasLine)
        {
            code.Call("DenseLine.Prepare", "preparation", Place.Parameters(), LineShape, Place.Weights(), Code(Activation));
        }

        foreach (var layer in Layers().Where(layer => !IsInLine(layer)))
        {
            code.Call(
                "Dense.Prepare", "preparation",
                Place.Parameters(layer.Parameters), Literals.Of(layer.Inputs), Literals.Of(layer.Outputs), Place.Weights(layer.Weights));
        }
    }

    /// <inheritdoc/>
    public override void Finish(LayerCode code)
    {
        if (HasLine)
        {
            code.Call("DenseLine.Finish", "sums", Place.Parameters(), LineShape, Place.Weights(), Place.Sums(), Code(Activation));
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> ForwardLines(string name)
    {
        int depth = Hidden.Count;
        if (HasLine)
        {
            yield return $"DenseLine.Forward(ref tile, input, weights, {LineShape}, to: {Choose(static layout => layout.Product[1])}, {Code(Activation)});";
        }

        foreach (var layer in Layers().Where(layer => !IsInLine(layer)))
        {
            int k = layer.Index;
            string input = k == 0 ? "input" : $"Rows.Work({Choose(layout => layout.Hidden[k - 1])}, {Literals.Of(layer.Inputs)})";
            string to = k == depth ? OutputRow : Choose(layout => layout.Product[k]);
            string activation = Code(k == depth ? Activation.Identity : Activation);
            string keep = KeepsInput && k < depth ? $", preActivation: tile.Recording ? {Literals.Of(Layout(recording: true).Before[k])} : -1" : "";
            bool isHidden = k < depth && Net == CouplingNet.Mlp;
            string next = isHidden ? $", next: {Literals.Of(k + 1 < depth ? Hidden[k + 1] : Outputs)}" : "";
            yield return $"Dense.{(isHidden ? "ForwardHidden" : "Forward")}(ref tile, {input}, {Sum("weights", layer.Weights)}, outputs: {Literals.Of(layer.Outputs)}, to: {to}, {Sum("parameters", layer.Parameters)}, {activation}{next}{keep});";
            if (IsResidual && k > 0 && k < depth)
            {
                yield return $"Residual.Forward(ref tile, {Choose(layout => layout.Hidden[k - 1])}, {Choose(layout => layout.Product[k])}, {Choose(layout => layout.Hidden[k])}, {Literals.Of(layer.Outputs)});";
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<string> BackwardLines(string name)
    {
        int depth = Hidden.Count;
        var rows = Layout(recording: true);
        foreach (var layer in Layers().Where(layer => !IsInLine(layer)).Reverse())
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

        if (HasLine)
        {
            yield return $"DenseLine.Backward(ref tile, input, weights, {LineShape}, from: {Literals.Of(rows.Product[1])}, parameters, sums, {Code(Activation)});";
        }
    }

    private bool IsInLine(DenseLayer layer) => HasLine && layer.Index < 2;

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
            int outputs = k == Hidden.Count ? Outputs : Hidden[k];
            long prepared = !HasLine || k > 1 ? PreparedSize(inputs, outputs) : k == 0 ? LineConditioner.PreparedSize(Hidden[0], Hidden[1], outputs: 0) : 0;
            var layer = new DenseLayer(k, inputs, outputs, parameters, weights, weights + prepared);
            yield return layer;
            parameters += layer.ParameterCount;
            weights = layer.EndOfWeights;
            inputs = outputs;
        }
    }

    private RowLayout Layout(bool recording)
    {
        int depth = Hidden.Count;
        long[] product = new long[depth];
        long[] before = new long[depth];
        long[] hidden = new long[depth];
        long[] padded = [.. Hidden.Select((width, k) => HasLine && k == 0 ? 0 : LayerSize.Pad(width))];
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
    private sealed record DenseLayer(int Index, int Inputs, int Outputs, long Parameters, long Weights, long EndOfWeights)
    {
        public long ParameterCount => LayerSize.Product(Inputs, Outputs) + Outputs;
    }

    /// <summary>First work rows: of each activated product, of what went into its activation, of each hidden layer, of the output; and their number.</summary>
    private sealed record RowLayout(long[] Product, long[] Before, long[] Hidden, long Output, long Rows);
}
