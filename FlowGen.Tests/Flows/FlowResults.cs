namespace FlowGen.Tests.Flows;

/// <summary>Everything that a flow says about a batch of data.</summary>
internal sealed class FlowResults
{
    /// <summary>Evaluates the flow: to latents, back from them, densities, scores.</summary>
    public FlowResults(IFlow flow, float[] x)
    {
        Size = flow.Engine.Description.EventShape.Size;
        int count = x.Length / Size;
        Z = new float[x.Length];
        LogDet = new float[count];
        X = new float[x.Length];
        InverseLogDet = new float[count];
        LogProb = new float[count];
        Score = new float[x.Length];
        flow.Forward(x, Z, LogDet);
        Invert(flow, Z, X, InverseLogDet);
        flow.LogProb(x, LogProb);
        flow.Score(x, Score);
    }

    private FlowResults(int size, int count)
    {
        Size = size;
        Z = new float[count * size];
        LogDet = new float[count];
        X = new float[count * size];
        InverseLogDet = new float[count];
        LogProb = new float[count];
        Score = new float[count * size];
    }

    /// <summary>The inverse, also where a sample is beyond single precision: the report then has the others.</summary>
    public static void Invert(IFlow flow, ReadOnlySpan<float> z, Span<float> x, Span<float> logDet)
    {
        float[] latents = z.ToArray();
        try
        {
            flow.Inverse(z, x, logDet);
        }
        catch (InverseNotConvergedException)
        {
            _ = flow.Inverse(latents, x, logDet, new InverseOptions());
        }
    }

    public int Size { get; }

    public int Count => LogDet.Length;

    public float[] Z { get; }

    public float[] LogDet { get; }

    public float[] X { get; }

    public float[] InverseLogDet { get; }

    public float[] LogProb { get; }

    public float[] Score { get; }

    /// <summary>The results of samples computed one by one, by their position.</summary>
    public static FlowResults OneByOne(IFlow flow, float[] x)
    {
        int size = flow.Engine.Description.EventShape.Size;
        var all = new FlowResults(size, x.Length / size);
        for (int row = 0; row < all.Count; row++)
        {
            all.Put(row, new FlowResults(flow, x[(row * size)..((row + 1) * size)]));
        }

        return all;
    }

    /// <summary>The results of some of the samples.</summary>
    public FlowResults Rows(int[] rows)
    {
        var chosen = new FlowResults(Size, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            int from = rows[i];
            Z.AsSpan(from * Size, Size).CopyTo(chosen.Z.AsSpan(i * Size));
            X.AsSpan(from * Size, Size).CopyTo(chosen.X.AsSpan(i * Size));
            Score.AsSpan(from * Size, Size).CopyTo(chosen.Score.AsSpan(i * Size));
            chosen.LogDet[i] = LogDet[from];
            chosen.InverseLogDet[i] = InverseLogDet[from];
            chosen.LogProb[i] = LogProb[from];
        }

        return chosen;
    }

    /// <summary>Asserts that other results have the same bits.</summary>
    public void AssertIdentical(FlowResults actual, string where)
    {
        FlowFixture.Identical(Z, actual.Z, $"z, {where}");
        FlowFixture.Identical(LogDet, actual.LogDet, $"log-det, {where}");
        FlowFixture.Identical(X, actual.X, $"x, {where}");
        FlowFixture.Identical(InverseLogDet, actual.InverseLogDet, $"log-det of the inverse, {where}");
        FlowFixture.Identical(LogProb, actual.LogProb, $"log p, {where}");
        FlowFixture.Identical(Score, actual.Score, $"score, {where}");
    }

    private void Put(int row, FlowResults one)
    {
        one.Z.CopyTo(Z, row * Size);
        one.X.CopyTo(X, row * Size);
        one.Score.CopyTo(Score, row * Size);
        LogDet[row] = one.LogDet[0];
        InverseLogDet[row] = one.InverseLogDet[0];
        LogProb[row] = one.LogProb[0];
    }
}
