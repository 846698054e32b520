using BenchmarkDotNet.Running;
using FlowGen.Benchmarks;

// peak [FILTER] [THREADS]: shares of the FMA peak; anything else goes to BenchmarkDotNet.
if (args is ["peak", ..])
{
    PeakTable.Print(args.Length > 1 ? args[1] : "", args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 1);
    return;
}

_ = BenchmarkSwitcher.FromAssembly(typeof(FlowBenchmarks).Assembly).Run(args);
