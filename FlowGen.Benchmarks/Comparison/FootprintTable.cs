using System.Diagnostics;
using System.Globalization;

namespace FlowGen.Benchmarks.Comparison;

/// <summary>
/// What a program that uses a flow costs, each time in a process of its own: from its start to its end with one log-prob of one sample in between, and the
/// most memory that it held, for that and for a training step with the log-prob of a large batch.
/// </summary>
internal static class FootprintTable
{
    /// <summary>The command of the processes that are measured.</summary>
    public const string Child = "footprint-child";

    private const string First = "first";
    private const string Work = "work";
    private const string Own = "FlowGen";
    private const string Peer = "TorchSharp";
    private const int Runs = 7;

    public static void Print(string filter)
    {
        bool hasPeer = PeerLibrary.TryLoad(out string about);
        Console.WriteLine(about);
        Console.WriteLine("| model | library | first log-prob in the process | start to end | peak memory | peak memory, training and 4096 samples |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (Workload workload in Workload.All.Where(workload => workload.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            Row(workload, Own);
            if (hasPeer)
            {
                Row(workload, Peer);
            }
        }
    }

    /// <summary>One measured process: prints milliseconds of the first result and the peak of its memory in bytes.</summary>
    public static void Run(string model, string side, string work)
    {
        Workload workload = Workload.All.Single(workload => workload.Name == model);
        IFlow flow = workload.Create();
        flow.Parameters.MarkInitialized();
        int batch = work == First ? 1 : workload.Batches[^1];
        float[] x = new float[batch * flow.Engine.Description.EventShape.Size];

        // Written, so that its pages count.
        x.AsSpan().Fill(0.125f);
        long start = Stopwatch.GetTimestamp();
        double milliseconds;
        if (side == Own)
        {
            float[] density = new float[batch];
            flow.LogProb(x, density);
            milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (work == Work)
            {
                float[] gradient = new float[flow.Parameters.TrainableCount];
                _ = flow.LossGradient(x.AsSpan(0, workload.TrainingBatch * flow.Engine.Description.EventShape.Size), gradient);
                var optimizer = new Adam();
                flow.Parameters.Update(parameters => optimizer.Step(parameters, gradient, 1e-6));
            }
        }
        else
        {
            if (!PeerLibrary.TryLoad(out string about))
            {
                throw new InvalidOperationException(about);
            }

            using IPeerFlow peer = PeerLibrary.Create(flow, workload.AsPublished);
            peer.SetData(x, batch);
            peer.LogProb();
            milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (work == Work)
            {
                peer.SetData(x.AsSpan(0, workload.TrainingBatch * flow.Engine.Description.EventShape.Size), workload.TrainingBatch);
                peer.Train();
            }
        }

        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds} {self.PeakWorkingSet64}"));
    }

    private static void Row(Workload workload, string side)
    {
        var first = new List<double>();
        var whole = new List<double>();
        double memory = 0;
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            (double milliseconds, memory) = Start(workload.Name, side, First);
            whole.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            first.Add(milliseconds);
        }

        (_, double working) = Start(workload.Name, side, Work);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {workload.Name} | {side} | {Figures.Median(first):F0} ms | {Figures.Median(whole):F0} ms | {memory / 1e6:F0} MB | {working / 1e6:F0} MB |"));
    }

    private static (double Milliseconds, double Bytes) Start(string model, string side, string work)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(FootprintTable).Assembly.Location);
        }

        foreach (string argument in (string[])[Child, model, side, work])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string[] figures = process.StandardOutput.ReadToEnd().Split(' ');
        process.WaitForExit();
        return process.ExitCode == 0
            ? (double.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{model} in {side} ended with {process.ExitCode}.");
    }
}
