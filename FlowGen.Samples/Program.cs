using System.CommandLine;
using FlowGen.Samples.Commands;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using Spectre.Console;

namespace FlowGen.Samples;

/// <summary>The samples: without arguments the main job, otherwise one of the commands.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => Run(args, Console.Error);

    /// <summary>Runs a command line; errors are one line on <paramref name="errors"/> and the exit code 1.</summary>
    internal static async Task<int> Run(string[] args, TextWriter errors)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 140;
        }

        var parsed = Commands().Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
        {
            return Fail(errors, $"{parsed.Errors[0].Message} Try --help.");
        }

        try
        {
            // Cancelling saves a checkpoint first, which takes longer than the default of two seconds for a large flow.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
        }
        catch (OperationCanceledException)
        {
            return Fail(errors, "Cancelled.");
        }
        catch (SampleException e)
        {
            return Fail(errors, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FlowFileException or DegenerateDataException or ArgumentException)
        {
            return Fail(errors, e.Message);
        }
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Commands()
    {
        var root = new RootCommand("Trains, verifies, scores and samples normalizing flows. Without a command: declares a flow on two moons, trains it, verifies it and draws it.");
        MainJob.Configure(root);
        root.Add(TrainCommand.Create());
        root.Add(ScoreCommand.Create());
        root.Add(SampleCommand.Create());
        root.Add(VerifyCommand.Create());
        root.Add(NiceMnistCommand.Create());
        root.Add(MintCommand.Create());
        root.Add(MintMnistCommand.Create());
        root.Add(MnistCommand.Create(
            "realnvp-mnist",
            "Trains a multi-scale Real NVP on MNIST: checkerboard and channel couplings on 28x28, 14x14 and 7x7; writes samples, interpolations and the curve.",
            static seed => new RealNvpMnist(seed),
            ("Real NVP, as quoted by the MintNet paper", 1.06)));
        root.Add(MnistCommand.Create(
            "glow-mnist",
            "Trains a Glow on MNIST: two levels of eight steps; writes samples, interpolations and the curve.",
            static seed => new GlowMnist(seed),
            ("Glow, as quoted by the MintNet paper", 1.05)));
        root.Add(OutliersCommand.Create());
        return root;
    }

    private static int Fail(TextWriter errors, string message)
    {
        errors.WriteLine($"error: {message}");
        return 1;
    }
}
