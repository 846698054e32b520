namespace FlowGen;

/// <summary>Where a training is.</summary>
/// <param name="Step">Steps taken before this one, counted from where the schedule begins.</param>
/// <param name="StepsPerEpoch">Steps of one epoch.</param>
/// <param name="TotalSteps">Steps that the schedule spans.</param>
public readonly record struct SchedulePosition(double Step, int StepsPerEpoch, double TotalSteps)
{
    /// <summary>The epochs before this step, with the part of the current one.</summary>
    public double Epoch => Step / StepsPerEpoch;
}
