using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>Prints code that differs from layer to layer as a switch, with one case for each run of layers that are equal but for offsets.</summary>
/// <param name="layers">The expanded stack.</param>
internal sealed class LayerSwitch(IReadOnlyList<PlacedLayer> layers)
{
    /// <summary>The body of a method: the switch, in a loop over layers if there is one, or nothing where no layer has a statement.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="loop">The head of the loop; null for the layer that is asked for.</param>
    /// <param name="bodies">The statements of each layer.</param>
    /// <param name="comments">A comment for each layer.</param>
    public void Body(IndentedTextWriter writer, string? loop, IReadOnlyList<IReadOnlyList<string>> bodies, IReadOnlyList<string> comments)
    {
        if (bodies.All(static body => body.Count == 0))
        {
            return;
        }

        if (loop is null)
        {
            Statement(writer, bodies, comments);
            return;
        }

        writer.Line(loop);
        using (writer.Braces())
        {
            Statement(writer, bodies, comments);
        }
    }

    /// <summary>A switch statement.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="bodies">The statements of each layer.</param>
    /// <param name="comments">A comment for each layer.</param>
    private void Statement(IndentedTextWriter writer, IReadOnlyList<IReadOnlyList<string>> bodies, IReadOnlyList<string> comments)
    {
        writer.Line("switch (layer)");
        using (writer.Braces())
        {
            foreach (var arm in Arms([.. bodies.Select((body, i) => string.Join("\n", body.Prepend(comments[i])))]))
            {
                if (bodies[arm.First].Count > 0)
                {
                    WriteCase(writer, arm, bodies[arm.First], comments[arm.First]);
                }
            }
        }
    }

    /// <summary>The arms of a switch expression.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="values">The value for each layer.</param>
    public void Arms(IndentedTextWriter writer, IReadOnlyList<string> values)
    {
        foreach (var arm in Arms(values))
        {
            string[] lines = Place.Resolve(values[arm.First], layers[arm.First], arm.Second is { } second ? layers[second] : null, $"({arm.Number})").Split('\n');
            writer.Line($"{arm.Pattern} => {lines[0]}{(lines.Length == 1 ? "," : "")}");
            for (int i = 1; i < lines.Length; i++)
            {
                using (writer.Indent())
                {
                    writer.Line(lines[i] + (i == lines.Length - 1 ? "," : ""));
                }
            }
        }

        writer.Line("_ => throw new global::System.ArgumentOutOfRangeException(nameof(layer)),");
    }

    /// <summary>The arms of a switch over layers, in the order of the stack.</summary>
    public IReadOnlyList<Arm> Arms(IReadOnlyList<string> code)
    {
        // Copies whose counters do not rise evenly are told apart.
        var arms = Divide(code, withCounters: false);
        return arms.TrueForAll(arm => !Place.HasCounter(code[arm.First]) || RisesEvenly(arm)) ? arms : Divide(code, withCounters: true);
    }

    private List<Arm> Divide(IReadOnlyList<string> code, bool withCounters)
    {
        var numbers = new Dictionary<(string, LayerSize, ulong), int>();
        int[] keys = new int[code.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            // Layers of equal size, one after the other, are at equal distances.
            var key = (code[i], layers[i].Size, withCounters ? layers[i].Layer.Counter : 0);
            if (!numbers.TryGetValue(key, out keys[i]))
            {
                keys[i] = numbers.Count;
                numbers.Add(key, keys[i]);
            }
        }

        var arms = new List<Arm>();
        foreach (var run in LayerRun.Find(keys))
        {
            for (int position = 0; position < Math.Min(run.Period, run.Length); position++)
            {
                arms.Add(Arm.Of(run, position));
            }
        }

        return arms;
    }

    private bool RisesEvenly(Arm arm)
    {
        if (arm.Second is not { } second)
        {
            return true;
        }

        int period = second - arm.First;
        decimal rise = (decimal)layers[second].Layer.Counter - layers[arm.First].Layer.Counter;
        return rise >= 0 && Enumerable.Range(0, arm.Count).All(k => layers[arm.First + (k * period)].Layer.Counter == layers[arm.First].Layer.Counter + (k * rise));
    }

    private void WriteCase(IndentedTextWriter writer, Arm arm, IReadOnlyList<string> body, string comment)
    {
        writer.Separate();
        writer.Line($"// {comment}");
        writer.Line($"case {arm.Pattern}:");
        if (arm.Second is { } second && body.Any(Place.IsIn))
        {
            using (writer.Braces())
            {
                writer.Line($"int k = {arm.Number};");
                writer.Lines(body.Select(line => Place.Resolve(line, layers[arm.First], layers[second], "k")));
                writer.Line("break;");
            }

            return;
        }

        using (writer.Indent())
        {
            writer.Lines(body.Select(line => Place.Resolve(line, layers[arm.First], second: null, "")));
            writer.Line("break;");
        }
    }

    /// <summary>The layers that share a case.</summary>
    /// <param name="First">The first of them.</param>
    /// <param name="Second">The second, if there is one.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Pattern">The pattern that they match.</param>
    /// <param name="Number">The number of the layer among them, as C# text.</param>
    internal sealed record Arm(int First, int? Second, int Count, string Pattern, string Number)
    {
        public static Arm Of(LayerRun run, int position)
        {
            int first = run.First + position;
            int count = run.Instances(position);
            string start = Literals.Of(first);
            if (count == 1)
            {
                return new Arm(first, null, 1, start, "0");
            }

            string range = $">= {start} and <= {Literals.Of(first + ((count - 1) * run.Period))}";
            if (run.Period == 1)
            {
                return new Arm(first, first + 1, count, range, first == 0 ? "layer" : $"layer - {start}");
            }

            string offset = first == 0 ? "layer" : $"(layer - {start})";
            string period = Literals.Of(run.Period);
            return new Arm(first, first + run.Period, count, $"{range} when {offset} % {period} == 0", $"{offset} / {period}");
        }
    }
}
