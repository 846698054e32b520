using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>What a gradient needs of memory beside the gradient itself: not more for a larger batch, nor, when it recomputes, for a deeper flow.</summary>
[Collection(nameof(Exclusive))]
public sealed class WorkspaceTests
{
    [Fact]
    public void Recomputing_takes_the_same_memory_at_every_depth()
    {
        long shallow = Workspace(new Couplings8(), MemoryMode.Recompute, TileGeometry.TileLanes);
        Assert.True(shallow > 0);
        Assert.Equal(shallow, Workspace(new Couplings64(), MemoryMode.Recompute, TileGeometry.TileLanes));
        Assert.Equal(shallow, Workspace(new Couplings256(), MemoryMode.Recompute, TileGeometry.TileLanes));
    }

    [Fact]
    public void Recomputing_a_deep_flow_that_inverts_well_never_falls_back()
    {
        foreach (IFlow flow in (IFlow[])[new Couplings8(), new Couplings64(), new Couplings256()])
        {
            Scramble(flow);
            _ = flow.LossGradient(FlowFixture.Normal(8 * 100, seed: 2), new float[flow.Parameters.TrainableCount], new GradientOptions { Memory = MemoryMode.Recompute });
            Assert.Equal(0, flow.Engine.RecomputedTiles);
        }
    }

    [Fact]
    public void Recomputing_images_takes_the_memory_of_one_step()
    {
        long shallow = Workspace(new Steps4(), MemoryMode.Recompute, 3);
        Assert.True(shallow > 0);
        Assert.Equal(shallow, Workspace(new Steps16(), MemoryMode.Recompute, 3));
        Assert.Equal(shallow, Workspace(new Steps64(), MemoryMode.Recompute, 3));
        Assert.Equal(shallow, Workspace(new Steps64(), MemoryMode.Recompute, 1));
        Assert.True(Workspace(new Steps64(), MemoryMode.Stored, 3) > 8 * Workspace(new Steps4(), MemoryMode.Stored, 3));
    }

    [Fact]
    public void Recomputing_deep_images_that_invert_well_never_falls_back()
    {
        IFlow flow = new Steps64();
        Scramble(flow);
        _ = flow.LossGradient(FlowFixture.Normal(64 * 5, seed: 2), new float[flow.Parameters.TrainableCount], new GradientOptions { Memory = MemoryMode.Recompute });
        Assert.Equal(0, flow.Engine.RecomputedTiles);
    }

    [Fact]
    public void Storing_takes_memory_with_depth() =>
        Assert.True(
            Workspace(new Couplings64(), MemoryMode.Stored, TileGeometry.TileLanes) > 4 * Workspace(new Couplings8(), MemoryMode.Stored, TileGeometry.TileLanes));

    [Theory]
    [InlineData(MemoryMode.Stored)]
    [InlineData(MemoryMode.Recompute)]
    public void A_larger_batch_takes_no_more(MemoryMode memory) =>
        Assert.Equal(
            Workspace(new Couplings8(), memory, TileGeometry.TileLanes), Workspace(new Couplings8(), memory, 100 * TileGeometry.TileLanes));

    /// <summary>What a gradient allocates on a thread that has no scratch yet, once everything else is there: the least of some rounds, since the runtime allocates now and then for itself.</summary>
    private static long Workspace(IFlow flow, MemoryMode memory, int count)
    {
        Scramble(flow);
        float[] x = FlowFixture.Normal(flow.Engine.Description.EventShape.Size * count, seed: 1);
        float[] gradient = new float[flow.Parameters.TrainableCount];
        var options = new GradientOptions { Memory = memory };
        long used = long.MaxValue;
        int before = FlowThreads.Maximum;
        FlowThreads.Maximum = 1;
        try
        {
            for (int round = 0; round < 5; round++)
            {
                var thread = new Thread(() =>
                {
                    long start = GC.GetAllocatedBytesForCurrentThread();
                    _ = flow.LossGradient(x, gradient, options);
                    used = Math.Min(used, GC.GetAllocatedBytesForCurrentThread() - start);
                });
                thread.Start();
                thread.Join();
            }
        }
        finally
        {
            FlowThreads.Maximum = before;
        }

        return used;
    }

    /// <summary>Weights that move every coupling away from the identity a little.</summary>
    private static void Scramble(IFlow flow)
    {
        float[] noise = FlowFixture.Normal(flow.Parameters.TrainableCount, seed: 3, deviation: 0.02);
        flow.Parameters.Update(trainables =>
        {
            for (int i = 0; i < trainables.Length; i++)
            {
                trainables[i] += noise[i];
            }
        });
        flow.Parameters.MarkInitialized();
    }
}
