using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Two levels, one of them of a Mint layer.</summary>
[Flow(1, 4, 4)]
[AffineCoupling(4, Net = CouplingNet.ResNet), Squeeze, ActNorm, AffineCoupling(5, 5), Split(Prior = SplitPrior.Learned), MintPair(Paths = 2)]
public sealed partial class SplitSteps;

/// <summary>No call allocates once everything is warm, on one thread and on several.</summary>
[Collection(nameof(Exclusive))]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(300)]
    public void One_thread_allocates_nothing(int count) => AssertNoAllocation(count, threads: 1);

    [Fact]
    public void Several_threads_allocate_nothing()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "With one processor a thread that helps is not there before all is done, and the next call makes another; by itself a flow takes no more threads than there are processors.");
        AssertNoAllocation(400 * TileGeometry.TileLanes, threads: 2);
    }

    [Fact]
    public void Steps_of_training_of_images_allocate_nothing() => AssertNoAllocationInTraining(new PreparedImage(1));

    [Fact]
    public void Steps_of_training_of_vectors_allocate_nothing() => AssertNoAllocationInTraining(new PreparedVector(1));

    private static void AssertNoAllocationInTraining(IFlow flow)
    {
        const int Count = 9;
        FlowFixture.Scramble(flow.Parameters, seed: 1);
        float[] x = FlowFixture.Normal(Count * flow.Engine.Description.EventShape.Size, seed: 2);
        float[] z = new float[x.Length];
        float[] perSample = new float[Count];
        float[] gradient = new float[flow.Parameters.TrainableCount];
        var stored = new GradientOptions { Memory = MemoryMode.Stored };
        var recompute = new GradientOptions { Memory = MemoryMode.Recompute };
        var optimizer = new Adam();
        ParameterUpdate update = parameters => optimizer.Step(parameters, gradient, 1e-6);
        int before = FlowThreads.Maximum;
        FlowThreads.Maximum = 1;
        try
        {
            long least = long.MaxValue;
            for (int round = 0; round < 30 && least > 0; round++)
            {
                long start = GC.GetTotalAllocatedBytes(precise: true);
                flow.LogProb(x, perSample);
                flow.Sample(z, 3);
                _ = flow.LossGradient(x, gradient, stored);
                _ = flow.LossGradient(x, gradient, recompute);
                flow.Parameters.Update(update);
                long used = GC.GetTotalAllocatedBytes(precise: true) - start;
                least = round == 0 ? least : Math.Min(least, used);
            }

            Assert.Equal(0, least);
        }
        finally
        {
            FlowThreads.Maximum = before;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Images_allocate_nothing(int count)
    {
        AssertNoAllocation(FlowFixture.Scramble(new Steps4(), seed: 1), count, threads: 1);
        AssertNoAllocation(FlowFixture.Scramble(new SplitSteps(), seed: 1), count, threads: 1);
    }

    private static void AssertNoAllocation(int count, int threads) => AssertNoAllocation(FlowFixture.Scramble(new HandWrittenFlow(), seed: 1), count, threads);

    private static void AssertNoAllocation(IFlow flow, int count, int threads)
    {
        float[] x = FlowFixture.Normal(flow.Engine.Description.EventShape.Size * count, seed: 2);
        float[] z = new float[x.Length];
        float[] perSample = new float[count];
        float[] gradient = new float[flow.Parameters.TrainableCount];
        var stored = new GradientOptions();
        var recompute = new GradientOptions { Memory = MemoryMode.Recompute };
        int before = FlowThreads.Maximum;
        FlowThreads.Maximum = threads;
        try
        {
            // The pool's own structures warm up late and now and then; kernels would allocate every time.
            long least = long.MaxValue;
            for (int round = 0; round < 30 && least > 0; round++)
            {
                long start = GC.GetTotalAllocatedBytes(precise: true);
                flow.Forward(x, z, perSample);
                flow.Inverse(z, z, perSample);
                flow.LogProb(x, perSample);
                flow.Sample(z, 3);
                _ = flow.LossGradient(x, gradient, stored);
                _ = flow.LossGradient(x, gradient, recompute);
                flow.Pullback(x, z, perSample, [], gradient);
                flow.Score(x, z);
                long used = GC.GetTotalAllocatedBytes(precise: true) - start;
                least = round == 0 ? least : Math.Min(least, used);
            }

            Assert.Equal(0, least);
        }
        finally
        {
            FlowThreads.Maximum = before;
        }
    }
}
