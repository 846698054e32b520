using Xunit;

namespace FlowGen.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Constant_never_changes() => Assert.Equal([1.0, 1, 1, 1], Factors(LearningRateSchedule.Constant, 2, 2));

    [Fact]
    public void Step_changes_after_whole_epochs() =>
        Assert.Equal([1.0, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25], Factors(LearningRateSchedule.Step(2, 0.5), 5, 2));

    [Fact]
    public void Cosine_falls_from_one_towards_the_end()
    {
        double[] factors = Factors(LearningRateSchedule.Cosine(0.1), 4, 1);
        Assert.Equal(1, factors[0], 12);
        Assert.Equal(0.1 + (0.9 * 0.5 * (1 + Math.Cos(Math.PI / 4))), factors[1], 12);
        Assert.Equal(0.55, factors[2], 12);
        Assert.Equal(0.1, LearningRateSchedule.Cosine(0.1).Factor(new SchedulePosition(4, 1, 4)), 12);
    }

    [Fact]
    public void Warm_up_rises_without_a_lost_step_and_hands_over()
    {
        double[] factors = Factors(LearningRateSchedule.WarmUp(2, LearningRateSchedule.Cosine()), 4, 2);
        Assert.Equal([0.25, 0.5, 0.75, 1, 1], factors[..5]);
        Assert.Equal(0.5, factors[6], 12);
        Assert.Equal([0.6, 0.7, 0.8, 0.9, 1, 1], Factors(LearningRateSchedule.WarmUp(2.5, start: 0.5), 3, 2), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Schedules_nest()
    {
        var schedule = LearningRateSchedule.WarmUp(1, LearningRateSchedule.WarmUp(1, LearningRateSchedule.Step(1, 0.1), start: 0.5));
        Assert.Equal([1, 1, 1, 0.1], Factors(schedule, 4, 1), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Schedules_are_compared_and_printed_by_value()
    {
        Assert.Equal(LearningRateSchedule.WarmUp(2, LearningRateSchedule.Cosine(0.1)), LearningRateSchedule.WarmUp(2, LearningRateSchedule.Cosine(0.1)));
        Assert.NotEqual(LearningRateSchedule.Step(2), LearningRateSchedule.Step(3));
        Assert.Equal("WarmUp(2, Cosine(0.1), 0)", LearningRateSchedule.WarmUp(2, LearningRateSchedule.Cosine(0.1)).ToString());
    }

    [Fact]
    public void Only_schedules_over_the_whole_training_depend_on_its_length()
    {
        Assert.False(LearningRateSchedule.WarmUp(1, LearningRateSchedule.Step(3)).DependsOnLength);
        Assert.True(LearningRateSchedule.WarmUp(1, LearningRateSchedule.Cosine()).DependsOnLength);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.WarmUp(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.WarmUp(1, start: -0.1));
    }

    private static double[] Factors(LearningRateSchedule schedule, int epochs, int stepsPerEpoch) =>
        [.. Enumerable.Range(0, epochs * stepsPerEpoch).Select(step => schedule.Factor(new SchedulePosition(step, stepsPerEpoch, (double)epochs * stepsPerEpoch)))];
}
