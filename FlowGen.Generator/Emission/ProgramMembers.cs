using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>The program that the engine drives: the calls of every layer, with literal shapes and offsets.</summary>
/// <param name="flow">The flow.</param>
internal sealed class ProgramMembers(FlowModel flow)
{
    // Unoptimised code, which a method starts with otherwise, takes longer to make these calls than a small net to answer for one sample.
    private const string Optimized = "[MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    private readonly ConditionerTable conditioners = new();
    private readonly SharedObjects shared = new();
    private readonly SumTable sums = new();
    private readonly LayerSwitch layers = new(flow.Layers);

    /// <summary>Prints the members.</summary>
    public void Write(IndentedTextWriter writer)
    {
        WriteShape(writer);
        WritePlaces(writer);
        string[] names = [.. flow.Layers.Select(static layer => layer.Layer.Name)];
        string[] formulas = [.. flow.Layers.Select(static layer => $"{layer.Layer.Caption}: {layer.Layer.Formula}")];
        string[] inverses = [.. flow.Layers.Select(static layer => $"{layer.Layer.Caption}: {layer.Layer.Certificate.Inverse}")];
        string[] declarations = [.. flow.Layers.Select(static layer => layer.Layer.Caption)];
        int count = flow.Layers.Count;
        string upward = $"for (int layer = 0; layer < {Literals.Of(count)}; layer++)";

        WriteLoop(writer, $"Prepare(ref Preparation preparation)", upward, names, static (layer, code) => layer.Layer.Prepare(code, layer.Shape));
        WriteLoop(writer, $"Forward(ref Tile tile, int first, int last)", "for (int layer = first; layer < last; layer++)", formulas, static (layer, code) => layer.Layer.Forward(code, layer.Shape), optimized: true);
        WriteLoop(writer, $"Inverse(ref Tile tile, int first, int last)", "for (int layer = last - 1; layer >= first; layer--)", inverses, static (layer, code) => layer.Layer.Inverse(code, layer.Shape), optimized: true);
        WriteLoop(writer, $"Backward(ref Tile tile, int layer)", loop: null, declarations, static (layer, code) => layer.Layer.Backward(code, layer.Shape));
        WriteLoop(writer, $"FinishGradient(ref GradientSums sums)", upward, names, static (layer, code) => layer.Layer.Finish(code, layer.Shape));
        sums.Write(writer, conditioners, shared);
        shared.Write(writer);
        foreach (var conditioner in conditioners.Conditioners)
        {
            WriteConditioner(writer, conditioner);
        }
    }

    private void WriteShape(IndentedTextWriter writer)
    {
        var totals = flow.Totals;
        writer.Line();
        writer.Line("public ProgramShape Shape => new(");
        using (writer.Indent())
        {
            writer.Line(
                $"Layers: {Literals.Of(flow.Layers.Count)}, Trainables: {Literals.Of(totals.Parameters)}, Buffers: {Literals.Of(totals.Buffers)}, Weights: {Literals.Of(totals.Weights)}, " +
                $"GradientFloats: {Literals.Of(totals.Parameters + totals.Sums)}, WorkRows: {Literals.Of(totals.WorkRows)}, WidestInput: {Literals.Of(totals.WidestInput)}{(totals.Tables > 0 ? $", Tables: {Literals.Of(totals.Tables)}" : "")});");
        }
    }

    private void WritePlaces(IndentedTextWriter writer)
    {
        writer.Line();
        writer.Line($"// Parameters, buffers, prepared weights, {(flow.Shape.IsImage ? "floats" : "rows")} to record.");
        writer.Line("public LayerPlace Place(int layer) => layer switch");
        using (writer.Braces(";"))
        {
            layers.Arms(writer, [.. flow.Layers.Select(static layer => $"new({Place.Parameters()}, {Place.Buffers()}, {Place.Weights()}, {Literals.Of(layer.Size.RecordRows * layer.Shape.Lanes)}{(layer.Layer.KeepsInput ? ", KeepsInput: true" : "")})")]);
        }
    }

    private void WriteLoop(IndentedTextWriter writer, string signature, string? loop, string[] comments, Action<PlacedLayer, LayerCode> emit, bool optimized = false)
    {
        var bodies = new List<IReadOnlyList<string>>(flow.Layers.Count);
        foreach (var layer in flow.Layers)
        {
            var code = new LayerCode(conditioners, shared, sums);
            emit(layer, code);
            bodies.Add(code.Lines);
        }

        writer.Line();
        if (optimized)
        {
            writer.Line(Optimized);
        }

        writer.Line($"public void {signature}");
        using (writer.Braces())
        {
            layers.Body(writer, loop, bodies, comments);
        }
    }

    private void WriteConditioner(IndentedTextWriter writer, Conditioner conditioner)
    {
        string name = conditioners.Name(conditioner);
        writer.Line();
        writer.Line($"// {conditioner.Summary}");
        string[] fields = [.. conditioner.Fields(name)];
        if (fields.Length > 0)
        {
            writer.Lines(fields);
            writer.Line();
        }

        writer.Line(Optimized);
        string parameters = conditioner.ReadsParameters ? ", int parameters" : "";
        writer.Line($"private static void {name}(ref Tile tile, Rows input, int weights{parameters})");
        using (writer.Braces())
        {
            writer.Lines(conditioner.ForwardLines(name));
        }

        string sums = conditioner.SumCount > 0 ? ", int sums" : "";
        writer.Line();
        writer.Line($"private static void {conditioners.BackwardName(conditioner)}(ref Tile tile, Rows input, int weights, int parameters{sums})");
        using (writer.Braces())
        {
            writer.Lines(conditioner.BackwardLines(name));
        }
    }
}
