using FlowGen.Generator.Helpers;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Emission;

/// <summary>The distinct sums of a flow, each with the type that holds the calls of its modules.</summary>
internal sealed class SumTable
{
    private readonly List<(SumLayer Sum, EventShape Shape)> sums = [];

    /// <summary>The name of the type.</summary>
    public string Name(SumLayer sum, EventShape shape)
    {
        int index = sums.IndexOf((sum, shape));
        if (index < 0)
        {
            index = sums.Count;
            sums.Add((sum, shape));
        }

        return $"Sum{Literals.Of(index)}";
    }

    /// <summary>Prints the types; sums within sums come after those that they are in.</summary>
    public void Write(IndentedTextWriter writer, ConditionerTable conditioners, SharedObjects shared)
    {
        for (int i = 0; i < sums.Count; i++)
        {
            var (sum, shape) = sums[i];
            new Modules(sum, shape, () => new LayerCode(conditioners, shared, this)).Write(writer, $"Sum{Literals.Of(i)}");
        }
    }

    /// <summary>The type of one sum.</summary>
    private sealed class Modules
    {
        private readonly SumLayer sum;
        private readonly Func<LayerCode> create;
        private readonly List<PlacedLayer> placed;
        private readonly LayerSwitch layers;

        public Modules(SumLayer sum, EventShape shape, Func<LayerCode> create)
        {
            this.sum = sum;
            this.create = create;
            var places = Placement.Place([.. sum.Layers], shape, out var totals);
            placed = [.. places.Select(layer => layer with { Sums = layer.Sums - totals.Parameters })];
            layers = new LayerSwitch(placed);
        }

        public void Write(IndentedTextWriter writer, string name)
        {
            string upward = $"for (int layer = 0; layer < {Literals.Of(placed.Count)}; layer++)";
            string[] captions = [.. placed.Select(static layer => layer.Layer.Caption)];
            writer.Line();
            writer.Line($"// {sum.Declaration}");
            writer.Line($"private readonly struct {name} : ISum");
            using (writer.Braces())
            {
                writer.Line($"public static int Layers => {Literals.Of(placed.Count)};");
                writer.Line();
                writer.Line($"public static int First => {Literals.Of(sum.First.Count)};");
                writer.Line();
                writer.Line("public static int Record(int layer) => layer switch");
                using (writer.Braces(";"))
                {
                    layers.Arms(writer, [.. placed.Select(static layer => Literals.Of(SumLayer.Record(layer.Size, layer.Shape)))]);
                }

                WriteMethod(writer, "Prepare(ref Preparation preparation, int parameters, int weights)", upward, captions, static (layer, code) => layer.Layer.Prepare(code, layer.Shape));
                WriteMethod(writer, "Forward(ref Tile tile, int layer, int weights)", loop: null, captions, static (layer, code) => layer.Layer.Forward(code, layer.Shape));
                WriteMethod(writer, "Backward(ref Tile tile, int layer, int weights, int parameters, int accumulators)", loop: null, captions, static (layer, code) => layer.Layer.Backward(code, layer.Shape));
                WriteMethod(writer, "Finish(ref GradientSums sums, int parameters, int accumulators)", upward, captions, static (layer, code) => layer.Layer.Finish(code, layer.Shape));
            }
        }

        private void WriteMethod(IndentedTextWriter writer, string signature, string? loop, string[] captions, Action<PlacedLayer, LayerCode> emit)
        {
            var bodies = new List<IReadOnlyList<string>>(placed.Count);
            foreach (var layer in placed)
            {
                var code = create();
                emit(layer, code);
                bodies.Add([.. code.Lines.Select(Place.FromArguments)]);
            }

            writer.Line();
            writer.Line($"public static void {signature}");
            using (writer.Braces())
            {
                layers.Body(writer, loop, bodies, captions);
            }
        }
    }
}
