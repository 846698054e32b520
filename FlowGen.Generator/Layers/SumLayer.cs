using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>The sum of two modules that are triangular in one order (MintNet, proposition 1).</summary>
/// <param name="First">The layers of the first module.</param>
/// <param name="FirstWeight">What its value is multiplied by.</param>
/// <param name="Second">The layers of the second module.</param>
/// <param name="SecondWeight">What its value is multiplied by.</param>
/// <param name="Text">The sum as it is declared.</param>
internal sealed record SumLayer(EquatableArray<LayerModel> First, double FirstWeight, EquatableArray<LayerModel> Second, double SecondWeight, string Text) : LayerModel
{
    // As SumBlocks: values and logarithms of both modules, x and z.
    private const int Blocks = 5;
    private const int ImageSlack = 256;

    /// <inheritdoc/>
    public override string Name => "Sum";

    /// <inheritdoc/>
    public override string Declaration => $"Sum({Literals.Of(FirstWeight)} [{Declare(First)}] + {Literals.Of(SecondWeight)} [{Declare(Second)}])";

    /// <inheritdoc/>
    public override string Formula => $"z = {Literals.Of(FirstWeight)} A(x) + {Literals.Of(SecondWeight)} B(x)";

    /// <inheritdoc/>
    public override LogDetClass LogDet => LogDetClass.Data;

    /// <inheritdoc/>
    public override bool KeepsInput => true;

    /// <inheritdoc/>
    public override bool Centres => Layers.Any(static layer => layer.Centres);

    /// <inheritdoc/>
    public override IEnumerable<ScalarFunction> Functions => Layers.SelectMany(static layer => layer.Functions);

    /// <inheritdoc/>
    public override Direction? Direction => Layers.Select(static layer => layer.Direction)
        .Where(static direction => direction is not null).OrderBy(static direction => direction!.Value.ReadsPixels ? 0 : 1).FirstOrDefault();

    /// <inheritdoc/>
    public override LayerModel InSum => this;

    /// <summary>The layers of both modules.</summary>
    public IEnumerable<LayerModel> Layers => First.Concat(Second);

    /// <summary>Positive multiples of maps with positive diagonals; that they are triangular in one order was checked.</summary>
    public override LayerProof Proof => SumReview.Prove(First, FirstWeight).Plus(SumReview.Prove(Second, SecondWeight)) with { Form = Direction?.Form ?? JacobianForm.Diagonal };

    /// <inheritdoc/>
    public override Certificate Certificate => new(
        Direction?.Structure ?? "diagonal",
        Proof.Diagonal.Low > 0 ? $"positive, at least {Literals.Of(Proof.Diagonal.Low, "G3")}" : "positive",
        $"sum of log({Literals.Of(FirstWeight)} a + {Literals.Of(SecondWeight)} b), a and b the diagonals of the Jacobians of A and B",
        "x by iteration, since every coordinate rises where those before it are fixed");

    /// <summary>The layer of an item that was checked.</summary>
    public static SumLayer Of(SumItem item) => new(Members(item.First), item.FirstWeight, Members(item.Second), item.SecondWeight, item.Text);

    /// <summary>What a layer of a module records: as the runtime counts it.</summary>
    public static long Record(LayerSize size, EventShape shape) => shape.IsImage ? size.RecordRows * shape.Lanes : LayerSize.Pad(size.RecordRows);

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        SumReview.CheckOrders(this, shape, findings);
        foreach (var module in (EquatableArray<LayerModel>[])[First, Second])
        {
            var inside = new StackPrefix(shape, before.Prior);
            foreach (var layer in module)
            {
                layer.CheckPlace(shape, inside.Layers.Count, inside, findings);
                inside.Add(layer);
            }
        }
    }

    /// <inheritdoc/>
    public override ValueRange Range(ValueRange input)
    {
        var first = RangeOf(First, input);
        var second = RangeOf(Second, input);
        return new(Add(first.Low, second.Low), Add(first.High, second.High));

        // Both rise: where one goes on, so does the sum.
        double Add(double a, double b) => double.IsInfinity(a) ? a : double.IsInfinity(b) ? b
            : ValueRange.IsUnknown(a) ? a : ValueRange.IsUnknown(b) ? b
            : (FirstWeight * a) + (SecondWeight * b);
    }

    /// <inheritdoc/>
    public override bool Bounds => Range(ValueRange.Line) != ValueRange.Line;

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Add(() => Trace(First, trace, shape), () => Trace(Second, trace, shape));

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        _ = Placement.Place([.. Layers], shape, out var totals);
        long block = shape.IsImage ? (shape.Channels * shape.Lanes) + 16 : LayerSize.Pad(shape.Channels);
        long records = Layers.Sum(layer => block + Record(layer.Measure(shape), shape) + (shape.IsImage ? ImageSlack : 0));
        long work = shape.IsImage ? totals.WorkRows : LayerSize.Pad(totals.WorkRows);
        return totals with
        {
            WorkRows = Rows((Blocks * block) + work),
            RecordRows = Rows((Blocks * block) + records),
        };

        long Rows(long count) => shape.IsImage ? (count + shape.Lanes - 1) / shape.Lanes : count;
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape)
    {
        var direction = Direction ?? default;
        return $"{Literals.Of(shape.Size)}, {Code(direction.Triangle)}, {Code(direction.Order)},\n" +
            $"{Literals.Of(FirstWeight)}, [{Construct(First)}],\n{Literals.Of(SecondWeight)}, [{Construct(Second)}]";

        string Construct(EquatableArray<LayerModel> module) => string.Join(",\n", module.Select(layer => DescriptionMember.Construct(layer, shape)));
    }

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape) =>
        code.Call($"{code.Modules(this, shape)}.Prepare", "preparation", Place.Parameters(), Place.Weights());

    /// <inheritdoc/>
    public override void Forward(LayerCode code, EventShape shape) =>
        code.Call($"Sum.Forward<{code.Modules(this, shape)}>", "tile", Size(shape), Weight(FirstWeight), Weight(SecondWeight), Place.Weights());

    /// <inheritdoc/>
    public override void Inverse(LayerCode code, EventShape shape)
    {
        var direction = Direction ?? default;
        code.Call(
            $"Sum.Inverse<{code.Modules(this, shape)}>", "tile", Size(shape), Code(direction.Triangle), Code(direction.Order), Weight(FirstWeight), Weight(SecondWeight), Place.Weights());
    }

    /// <inheritdoc/>
    public override void Backward(LayerCode code, EventShape shape) => code.Call(
        $"Sum.Backward<{code.Modules(this, shape)}>", "tile", Size(shape), Weight(FirstWeight), Weight(SecondWeight), Place.Weights(), Place.Parameters(), Place.Sums());

    /// <inheritdoc/>
    public override void Finish(LayerCode code, EventShape shape) =>
        code.Call($"{code.Modules(this, shape)}.Finish", "sums", Place.Parameters(), Place.Sums());

    private static EquatableArray<LayerModel> Members(SumStep step) =>
        StackExpansion.Expand(step.Items).Select(static layer => layer.Layer.InSum ?? layer.Layer).ToEquatableArray();

    private static void Trace(EquatableArray<LayerModel> module, CoordinateTrace trace, EventShape shape)
    {
        foreach (var layer in module)
        {
            layer.Trace(trace, shape);
        }
    }

    private static ValueRange RangeOf(EquatableArray<LayerModel> module, ValueRange input) => module.Aggregate(input, static (range, layer) => layer.Range(range));

    private static string Declare(EquatableArray<LayerModel> module) => string.Join(", ", module.Select(static layer => layer.Declaration));

    private static string Weight(double value) => Literals.Single(value);
}
