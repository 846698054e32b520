namespace FlowGen.Samples.Data;

/// <summary>Rows of numbers with named columns.</summary>
/// <param name="Name">Where they came from.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Values">The numbers <c>[Rows, Columns]</c>, row-major.</param>
internal sealed record NumericTable(string Name, IReadOnlyList<string> Columns, float[] Values)
{
    /// <summary>The number of rows.</summary>
    public int Rows => Values.Length / Columns.Count;

    /// <summary>What of the data will trouble a density, a sentence each.</summary>
    /// <exception cref="SampleException">A column holds one value only: it has no density.</exception>
    public IEnumerable<string> Check()
    {
        for (int c = 0; c < Columns.Count; c++)
        {
            var distinct = new HashSet<float>();
            double sum = 0;
            double squares = 0;
            double largest = 0;
            double first = Values[c];
            for (int i = c; i < Values.Length; i += Columns.Count)
            {
                double value = Values[i] - first;
                sum += value;
                squares += value * value;
                largest = Math.Max(largest, Math.Abs(Values[i]));
                if (distinct.Count <= 16)
                {
                    distinct.Add(Values[i]);
                }
            }

            if (distinct.Count == 1)
            {
                throw new SampleException($"{Name}: column {c + 1} ({Columns[c]}) is {first:R} in every row, so it has no density. Choose other columns with --columns.");
            }

            double mean = sum / Rows;
            double deviation = Math.Sqrt(Math.Max(0, (squares / Rows) - (mean * mean)));
            if (largest > 1e5 * deviation)
            {
                yield return $"column {c + 1} ({Columns[c]}) spreads by {deviation:G3} around values as large as {largest:G3}: 32-bit numbers keep little of that. Subtract an offset first.";
            }
            else if (Rows > 200 && distinct.Count <= 16)
            {
                yield return $"column {c + 1} ({Columns[c]}) has only {distinct.Count} distinct values: a density can grow without bound on them, and log-densities will say little.";
            }
        }
    }
}
