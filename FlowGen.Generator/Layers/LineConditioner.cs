using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Layers;

/// <summary>
/// Dense layers from one coordinate through two hidden ones of an activation of two linear pieces: the second one is linear in the coordinate between the breakpoints of
/// the first, so that a table of its pieces takes the place of the product.
/// </summary>
/// <param name="Hidden">The width of the first hidden layer.</param>
/// <param name="Second">The width of the second hidden layer.</param>
/// <param name="Outputs">The number of outputs.</param>
/// <param name="Activation">The activation of the hidden layers.</param>
internal sealed record LineConditioner(int Hidden, int Second, int Outputs, Activation Activation) : Conditioner
{
    // Below, the product takes no longer than the search; above, the table does not fit the last cache.
    private const int LeastHidden = 8;
    private const int LeastProduct = 256;
    private const int MostWidth = 1024;

    /// <inheritdoc/>
    public override string Summary =>
        $"1 -> {Literals.Of(Hidden)} -> {Literals.Of(Second)} -> {Literals.Of(Outputs)}, {Activation}: the first two layers as a table of {Literals.Of(Hidden + 1)} linear pieces";

    /// <inheritdoc/>
    public override long ParameterCount => (2L * Hidden) + ((Hidden + 1L) * Second) + ((Second + 1L) * Outputs);

    /// <inheritdoc/>
    public override long PreparedCount => PreparedSize(Hidden, Second, Outputs);

    /// <inheritdoc/>
    public override long TableCount => TableSize(Hidden, Second);

    /// <inheritdoc/>
    public override long SumCount => SumSize(Hidden, Second, Outputs);

    /// <inheritdoc/>
    public override long WidestInput => 0;

    /// <inheritdoc/>
    public override long WorkRows => LayerSize.Pad(Outputs);

    /// <inheritdoc/>
    public override long RecordRows => WorkRows;

    private string Shape => $"hidden: {Literals.Of(Hidden)}, second: {Literals.Of(Second)}, outputs: {Literals.Of(Outputs)}";

    /// <summary>The floats of prepared weights: <c>DenseLine.PreparedSize</c>.</summary>
    public static long PreparedSize(int hidden, int second, int outputs)
    {
        // Breakpoints, those that begin a search, anchors, the order of the units, the table, the last layer.
        long points = LayerSize.Pad(hidden);
        long header = (2 * points) + (points > 64 ? LayerSize.Pad(points / 16) : 0) + LayerSize.Pad(hidden + 1);
        return header + Rows(hidden, second) + LayerSize.Pad(outputs) + (outputs * LayerSize.Pad(second));
    }

    /// <summary>The accumulators of a gradient: <c>DenseLine.SumCount</c>.</summary>
    public static long SumSize(int hidden, int second, int outputs) => Rows(hidden, second) + (outputs * LayerSize.Pad(second)) + 15;

    /// <summary>How many of the prepared weights are in the table, but for what a sample reads and as much again for finding it.</summary>
    public static long TableSize(int hidden, int second) => Rows(hidden, second) - (4 * LayerSize.Pad(second));

    /// <summary>Whether the first two dense layers are computed so: by their shape alone, so that the bits of a sample depend on nothing else.</summary>
    public static bool Pays(int inputs, EquatableArray<int> hidden, Activation activation) =>
        inputs == 1 && hidden.Count >= 2 && activation is (Activation.Relu or Activation.LeakyRelu)
        && hidden[0] is >= LeastHidden and <= MostWidth && hidden[1] <= MostWidth && hidden[0] * hidden[1] >= LeastProduct;

    /// <inheritdoc/>
    public override string[] OutputArguments(LayerCode code) => ["0"];

    /// <inheritdoc/>
    public override string RecordedOutput(LayerCode code) => "0";

    /// <inheritdoc/>
    public override void Prepare(LayerCode code) =>
        code.Call("DenseLine.Prepare", "preparation", Place.Parameters(), Shape, Place.Weights(), Code(Activation));

    /// <inheritdoc/>
    public override void Finish(LayerCode code) =>
        code.Call("DenseLine.Finish", "sums", Place.Parameters(), Shape, Place.Weights(), Place.Sums(), Code(Activation));

    /// <inheritdoc/>
    public override IEnumerable<string> ForwardLines(string name) =>
        [$"DenseLine.Forward(ref tile, input, weights, {Shape}, to: 0, {Code(Activation)});"];

    /// <inheritdoc/>
    public override IEnumerable<string> BackwardLines(string name) =>
        [$"DenseLine.Backward(ref tile, input, weights, {Shape}, from: 0, parameters, sums, {Code(Activation)});"];

    private static long Rows(int hidden, int second)
    {
        long width = LayerSize.Pad(second);
        return (hidden + 1) * ((2 * width) + (width >= 128 ? 16 : 0));
    }
}
