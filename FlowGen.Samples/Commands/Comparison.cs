using System.Globalization;
using FlowGen.Samples.Data;
using Spectre.Console;

namespace FlowGen.Samples.Commands;

/// <summary>Holds what a flow learned against the known truth.</summary>
internal static class Comparison
{
    /// <summary>Prints the flow's mean negative log-likelihood on fresh points next to the true entropy, and the divergence between the two.</summary>
    public static void Write(IFlow flow, PlaneDistribution truth, int count, int seed)
    {
        float[] fresh = truth.Draw(count, seed);
        float[] logProb = flow.LogProb(fresh);
        double nll = 0;
        double divergence = 0;
        double squares = 0;
        for (int i = 0; i < count; i++)
        {
            double gap = truth.LogDensity(fresh[2 * i], fresh[(2 * i) + 1]) - logProb[i];
            nll -= logProb[i];
            divergence += gap;
            squares += gap * gap;
        }

        nll /= count;
        divergence /= count;
        double error = Math.Sqrt(Math.Max(0, (squares / count) - (divergence * divergence)) / count);

        var table = new Table().RoundedBorder();
        table.AddColumn("").AddColumn(new TableColumn("nats").RightAligned()).AddColumn("how it is known");
        table.AddRow("true entropy", Number(truth.Entropy), Markup.Escape(truth.EntropySource));
        table.AddRow("learned negative log-likelihood", Number(nll), string.Create(CultureInfo.InvariantCulture, $"mean over {count:N0} fresh points"));
        table.AddRow("divergence KL(true || learned)", Number(divergence), string.Create(CultureInfo.InvariantCulture, $"mean of log p - log q on the same points, ± {error:0.0000}"));
        AnsiConsole.Write(table);
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
