namespace FlowGen.Tests.Training;

/// <summary>Progress that is told at once, on the thread that trains.</summary>
internal sealed class Reports(Action<FitProgress> report) : IProgress<FitProgress>
{
    public void Report(FitProgress value) => report(value);
}
