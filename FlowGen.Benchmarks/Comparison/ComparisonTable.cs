using System.Diagnostics;
using System.Globalization;

namespace FlowGen.Benchmarks.Comparison;

/// <summary>
/// Every workload here and in the peer library, in turns, in one process, with the processor's peak measured in between. The ratio is that of the medians of either
/// side's rounds; the best round stands beside them.
/// </summary>
internal static class ComparisonTable
{
    private const double Seconds = 1.5;

    // The other side has emptied the caches, and the scheduler needs a while to give every thread a core of its own.
    private const double RoundSeconds = 20e-3;

    /// <summary>Prints the rows of the models whose name contains a text, with so many threads, and where a batch is given, those of that batch alone.</summary>
    public static void Print(string filter, int threads, int? onlyBatch)
    {
        FlowThreads.Maximum = threads;
        bool hasPeer = PeerLibrary.TryLoad(out string about);
        if (hasPeer)
        {
            PeerLibrary.SetThreads(threads);
        }

        Console.WriteLine($"{about}; threads {threads}, vector width {FlowGen.Kernels.TileGeometry.Width}, peak {FmaPeak.Measure() / 1e9:F0} GFLOP/s a core");
        Console.WriteLine("| model | operation | batch | FlowGen | best | share of FMA peak | allocated | TorchSharp | best | allocated | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (Workload workload in Workload.All.Where(workload => workload.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            IFlow flow = workload.Make();
            using IPeerFlow? peer = hasPeer ? PeerLibrary.Create(flow, workload.AsPublished) : null;
            Measure(workload, flow, peer, threads, onlyBatch);
        }
    }

    private static void Measure(Workload workload, IFlow flow, IPeerFlow? peer, int threads, int? onlyBatch)
    {
        double perSample = Weights.Operations(flow);
        foreach (int batch in workload.Batches.Where(batch => batch == (onlyBatch ?? batch)))
        {
            float[] x = flow.Sample(batch, seed: 3);
            float[] density = new float[batch];
            peer?.SetData(x, batch);
            Agree(workload, flow, peer, x);
            Row(workload, "log-prob", batch, batch * perSample, threads, () => flow.LogProb(x, density), peer is null ? null : peer.LogProb);
            if (batch > workload.MostSamples)
            {
                continue;
            }

            Row(workload, "sample", batch, batch * perSample, threads, () => flow.Sample(x, 5), peer is null ? null : () => peer.Sample(batch));
        }

        if (workload.TrainingBatch != (onlyBatch ?? workload.TrainingBatch))
        {
            return;
        }

        float[] data = flow.Sample(workload.TrainingBatch, seed: 4);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        var optimizer = new Adam();
        ParameterUpdate update = parameters => optimizer.Step(parameters, gradient, 1e-6);
        peer?.SetData(data, workload.TrainingBatch);
        Row(
            workload,
            "training step",
            workload.TrainingBatch,
            3 * workload.TrainingBatch * perSample,
            threads,
            () =>
            {
                _ = flow.LossGradient(data, gradient);
                flow.Parameters.Update(update);
            },
            peer is null ? null : peer.Train);
    }

    /// <summary>Both sides must compute the same: a comparison of different things is none.</summary>
    private static void Agree(Workload workload, IFlow flow, IPeerFlow? peer, float[] x)
    {
        if (peer is null)
        {
            return;
        }

        float[] own = flow.LogProb(x);
        float[] other = peer.ReadLogProb();
        for (int i = 0; i < own.Length; i++)
        {
            if (!(Math.Abs(own[i] - other[i]) <= 1e-4 * Math.Max(1, Math.Abs(own[i]))))
            {
                throw new InvalidOperationException($"{workload.Name}: the log-density of sample {i} is {own[i]} here and {other[i]} in the peer.");
            }
        }
    }

    private static void Row(Workload workload, string operation, int batch, double operations, int threads, Action own, Action? peer)
    {
        Side mine = new(own, threads);
        Side? theirs = peer is null ? null : new(peer, threads);
        var peaks = new List<double>();
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds || peaks.Count < (threads > 1 ? 7 : 3))
        {
            double before = FmaPeak.Measure();
            mine.Round();
            double between = FmaPeak.Measure();
            theirs?.Round();
            peaks.Add(Math.Min(before, between));
        }

        double seconds = mine.Median;
        double share = operations / seconds / Figures.Median(peaks) / threads;
        string other = theirs is null
            ? "- | - | - | -"
            : string.Create(CultureInfo.InvariantCulture, $"{Figures.Time(theirs.Median)} | {Figures.Time(theirs.Best)} | {theirs.Allocated()} B | {theirs.Median / seconds:F1}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {workload.Name} | {operation} | {batch} | {Figures.Time(seconds)} | {Figures.Time(mine.Best)} | {share:P0} | {mine.Allocated()} B | {other} |"));
    }

    private sealed class Side
    {
        private readonly Action action;
        private readonly int threads;
        private readonly int repeats;
        private readonly List<double> rounds = [];

        public Side(Action action, int threads)
        {
            this.action = action;
            this.threads = threads;
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 3 && (i == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.3); i++)
            {
                action();
            }

            long probe = Stopwatch.GetTimestamp();
            action();
            repeats = (int)Math.Clamp(RoundSeconds / Stopwatch.GetElapsedTime(probe).TotalSeconds, 1, 20_000);
        }

        /// <summary>Managed bytes of one more call.</summary>
        public long Allocated()
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            action();
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        /// <summary>Seconds of one call in the best round.</summary>
        public double Best => rounds.Min();

        /// <summary>Seconds of one call in the round in the middle.</summary>
        public double Median => Figures.Median(rounds);

        public void Round()
        {
            if (threads > 1)
            {
                // The other side's threads spin for 200 ms, waiting for more, before they leave a core alone.
                Thread.Sleep(250);
                Repeat();
            }

            long start = Stopwatch.GetTimestamp();
            Repeat();
            rounds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / repeats);
        }

        private void Repeat()
        {
            for (int i = 0; i < repeats; i++)
            {
                action();
            }
        }
    }
}
