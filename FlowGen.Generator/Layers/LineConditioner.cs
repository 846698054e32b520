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
    public override long PreparedCount => Header + Rows + LayerSize.Pad(Outputs) + (Outputs * Width);

    /// <inheritdoc/>
    public override long TableCount => Rows - (4 * Width);

    /// <inheritdoc/>
    public override long SumCount => Rows + (Outputs * Width) + 15;

    /// <inheritdoc/>
    public override long WidestInput => 0;

    /// <inheritdoc/>
    public override long WorkRows => LayerSize.Pad(Outputs);

    /// <inheritdoc/>
    public override long RecordRows => WorkRows;

    private long Width => LayerSize.Pad(Second);

    private long Points => LayerSize.Pad(Hidden);

    // Breakpoints, those that begin a search, anchors and the order of the units: DenseLineShape.
    private long Header => (2 * Points) + (Points > 64 ? LayerSize.Pad(Points / 16) : 0) + LayerSize.Pad(Hidden + 1);

    private long Rows => (Hidden + 1) * ((2 * Width) + (Width >= 128 ? 16 : 0));

    private string Shape => $"hidden: {Literals.Of(Hidden)}, second: {Literals.Of(Second)}, outputs: {Literals.Of(Outputs)}";

    /// <summary>Whether dense layers are computed so: by their shape alone, so that the bits of a sample depend on nothing else.</summary>
    public static bool Pays(int inputs, EquatableArray<int> hidden, Activation activation) =>
        inputs == 1 && hidden.Count == 2 && activation is (Activation.Relu or Activation.LeakyRelu)
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
}
