using System.Globalization;
using BenchmarkDotNet.Running;
using FlowGen.Benchmarks;
using FlowGen.Benchmarks.Comparison;

switch (args)
{
    case ["peak", ..]:
        PeakTable.Print(args.Length > 1 ? args[1] : "", args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1);
        break;
    case ["kernels", ..]:
        KernelTable.Print(args.Length > 1 ? args[1] : "");
        break;
    case ["convolutions", ..]:
        ConvolutionTable.Print(args.Length > 1 ? args[1] : "");
        break;
    case ["lines", ..]:
        LineTable.Print(args.Length > 1 ? args[1] : "");
        break;
    case ["elements"]:
        ElementTable.Print();
        break;
    case ["images", ..]:
        ImageTable.Print(args.Length > 1 ? args[1] : "");
        break;
    case ["mint-inverse", ..]:
        MintInverseTable.Print(args.Length > 1 ? args[1] : null, args.Length > 2 ? args[2] : null);
        break;
    case ["mint"]:
        MintTable.Print();
        break;
    case ["sums"]:
        SumTable.Print();
        break;
    case ["threads", ..]:
        ThreadTable.Print(args.Length > 1 ? args[1] : "");
        break;
    case ["workspace"]:
        WorkspaceTable.Print();
        break;
    case ["compare", ..]:
        ComparisonTable.Print(args.Length > 1 ? args[1] : "", args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1, args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : null);
        break;
    case ["footprint", ..]:
        FootprintTable.Print(args.Length > 1 ? args[1] : "");
        break;
    case [FootprintTable.Child, var model, var side, var work]:
        FootprintTable.Run(model, side, work);
        break;
    case ["typing"]:
        TypingTable.Print();
        break;
    case ["startup"]:
        StartUp.Print();
        break;
    default:
        Console.WriteLine("peak [MODEL [THREADS]] | kernels [LAYERS] | lines [LAYERS] | convolutions [LAYERS] | images [FLOW] | mint | mint-inverse [WEIGHTS [FULLWEIGHTS]] | sums | elements | threads [MODEL] | workspace | typing | startup | compare [MODEL [THREADS [BATCH]]] | footprint [MODEL]: tables of docs/performance.md. Anything else goes to BenchmarkDotNet.");
        _ = BenchmarkSwitcher.FromAssembly(typeof(FlowBenchmarks).Assembly).Run(args);
        break;
}
