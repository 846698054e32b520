// A program to publish ahead of time: scores points of the plane with a flow, and nothing else.
using System.Globalization;
using FlowGen;
using FlowGen.Scoring;

if (args.Length is 0 || args.Length % 2 == 0)
{
    Console.Error.WriteLine("usage: FlowGen.Scoring MODEL.safetensors X Y [X Y ...]     or: FlowGen.Scoring MODEL.safetensors, to write an untrained model");
    return 2;
}

try
{
    if (args.Length == 1)
    {
        var untrained = new ScoringMoons(seed: 1);
        untrained.Parameters.MarkInitialized();
        untrained.Save(args[0]);
        return 0;
    }

    var flow = ScoringMoons.FromFile(args[0]);
    float[] points = Array.ConvertAll(args[1..], static text => float.Parse(text, CultureInfo.InvariantCulture));
    foreach (float logDensity in flow.LogProb(points))
    {
        Console.WriteLine(logDensity.ToString("R", CultureInfo.InvariantCulture));
    }

    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or FlowFileException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
