using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>Inputs and outputs of exported graphs, and what they do with batches, temperatures and noise.</summary>
public sealed class OnnxGraphTests
{
    private readonly PlaneGlow flow = FlowFixture.Scramble(new PlaneGlow(), seed: 3);

    [Theory]
    [InlineData(OnnxGraph.Forward, "x", "z, log_det")]
    [InlineData(OnnxGraph.Inverse, "z", "x, log_det")]
    [InlineData(OnnxGraph.LogProb, "x", "log_prob")]
    [InlineData(OnnxGraph.Sample, "noise", "x, log_prob")]
    public void Inputs_and_outputs_are_named_and_shaped(OnnxGraph graph, string input, string outputs)
    {
        using var session = new OnnxSession(flow, graph);
        var (name, form) = Assert.Single(session.Inputs);
        Assert.Equal(input, name);
        Assert.Equal(["N", ""], form.SymbolicDimensions);
        Assert.Equal([-1, 2], form.Dimensions);
        Assert.Equal(outputs, string.Join(", ", session.Outputs.Keys));
        Assert.All(session.Outputs.Values, static output => Assert.Equal("N", output.SymbolicDimensions[0]));
        Assert.Equal(graph == OnnxGraph.Sample ? ["temperature"] : [], session.OptionalInputs.Keys);
    }

    [Fact]
    public void Images_keep_their_shape_and_latents_are_flat()
    {
        var image = FlowFixture.Scramble(FlowZoo.Create("image 3, 4, 6: Squeeze(Order = SqueezeOrder.Checkerboard), ActNorm"), seed: 5);
        using var forward = new OnnxSession(image, OnnxGraph.Forward);
        Assert.Equal([-1, 3, 4, 6], forward.Inputs["x"].Dimensions);
        Assert.Equal([-1, 72], forward.Outputs["z"].Dimensions);
        using var inverse = new OnnxSession(image, OnnxGraph.Inverse);
        Assert.Equal([-1, 72], inverse.Inputs["z"].Dimensions);
        Assert.Equal([-1, 3, 4, 6], inverse.Outputs["x"].Dimensions);
    }

    [Theory]
    [InlineData("image 1, 8, 4: Squeeze, ActNorm, Invertible1x1Conv, AffineCoupling(6, 5, Net = CouplingNet.Conv, Scale = ScaleFunction.Sigmoid), Split(Prior = SplitPrior.Learned), Squeeze, ActNorm, Invertible1x1Conv, AffineCoupling(6, 5, Net = CouplingNet.Conv)")]
    [InlineData("7: BatchNorm")]
    [InlineData("3: Bend0, x + 0.5f * MathF.Tanh(x)")]
    public void The_number_of_samples_is_free(string name)
    {
        var zoo = FlowFixture.Scramble(FlowZoo.Create(name), seed: 6);
        int size = FlowZoo.Case(name).Size;
        float[] x = FlowZoo.Case(name).Samples(65, seed: 7);
        foreach (var (graph, output) in ((OnnxGraph, string)[])[(OnnxGraph.Forward, "log_det"), (OnnxGraph.Inverse, "x"), (OnnxGraph.LogProb, "log_prob"), (OnnxGraph.Sample, "log_prob")])
        {
            using var session = new OnnxSession(zoo, graph);
            float[] all = session.Run(x)[output];
            int each = all.Length / 65;
            foreach (int count in (int[])[0, 1, 2, 31])
            {
                float[] some = session.Run(x[..(count * size)])[output];
                Assert.Equal(count * each, some.Length);
                for (int i = 0; i < some.Length; i++)
                {
                    Assert.Equal(all[i], some[i], 1e-4 * Math.Max(1, Math.Abs(all[i])));
                }
            }
        }
    }

    [Theory]
    [InlineData("7: BatchNorm")]
    [InlineData("3: Bend0, x + 0.5f * MathF.Tanh(x)")]
    [InlineData("stack 8 of 3")]
    public void A_sample_that_is_no_number_does_not_reach_its_neighbours(string name)
    {
        var zoo = FlowFixture.Scramble(FlowZoo.Create(name), seed: 6);
        int size = FlowZoo.Case(name).Size;
        float[] x = FlowZoo.Case(name).Samples(9, seed: 7);
        float[] disturbed = [.. x];
        (disturbed[2 * size], disturbed[5 * size]) = (float.NaN, float.PositiveInfinity);
        foreach (var (graph, output) in ((OnnxGraph, string)[])[(OnnxGraph.LogProb, "log_prob"), (OnnxGraph.Inverse, "x")])
        {
            using var session = new OnnxSession(zoo, graph);
            float[] right = session.Run(x)[output];
            float[] found = session.Run(disturbed)[output];
            int each = right.Length / 9;
            Assert.All(Enumerable.Range(0, 9).Where(static row => row is not (2 or 5)), row => Assert.Equal(right[(row * each)..((row + 1) * each)], found[(row * each)..((row + 1) * each)]));
            Assert.Contains(float.NaN, found[(2 * each)..(3 * each)]);
        }
    }

    [Fact]
    public void The_temperature_scales_the_noise_and_is_1_if_it_is_not_given()
    {
        float[] noise = FlowFixture.Normal(2 * 9, seed: 8);
        using var session = new OnnxSession(flow, OnnxGraph.Sample);
        Assert.Equal(session.Run(noise, 1)["x"], session.Run(noise)["x"]);
        Assert.Equal(session.Run(Array.ConvertAll(noise, static value => 0.5f * value))["x"], session.Run(noise, 0.5f)["x"]);
        float[] centre = session.Run(noise, 0)["x"];
        Assert.All(Enumerable.Range(0, 9), row => Assert.Equal(centre[..2], centre[(2 * row)..(2 * row + 2)]));
    }

    [Theory]
    [InlineData(Prior.StandardNormal)]
    [InlineData(Prior.StandardLogistic)]
    public void A_graph_may_draw_its_noise(Prior prior)
    {
        IFlow drawing = prior == Prior.StandardNormal ? flow : FlowFixture.Scramble(new PlaneNice(), seed: 9);
        var options = new OnnxOptions { DrawNoise = true, Seed = 5 };
        using var session = new OnnxSession(drawing, OnnxGraph.Sample, options);
        Assert.Equal(["count"], session.Inputs.Keys);
        const int Count = 20_000;
        var drawn = session.Draw(Count);
        Assert.Equal(2 * Count, drawn["x"].Length);
        using var again = new OnnxSession(drawing, OnnxGraph.Sample, options);
        Assert.Equal(drawn["x"], again.Draw(Count)["x"]);

        // Back in the latent, they are draws of the prior: mean 0, variance 1 or pi^2 / 3.
        float[] z = drawing.Forward(drawn["x"]);
        double variance = prior == Prior.StandardNormal ? 1 : Math.PI * Math.PI / 3;
        Assert.InRange(z.Average(), -0.03, 0.03);
        Assert.InRange(z.Average(static value => (double)value * value) / variance, 0.96, 1.04);
        float[] logProb = drawing.LogProb(drawn["x"]);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(logProb[i], drawn["log_prob"][i], 1e-3 * Math.Max(1, Math.Abs(logProb[i])));
        }
    }

    [Fact]
    public void The_same_flow_is_the_same_file()
    {
        Assert.Equal(OnnxSession.Export(flow, OnnxGraph.Inverse), OnnxSession.Export(flow, OnnxGraph.Inverse));
        byte[] before = OnnxSession.Export(flow, OnnxGraph.LogProb);
        flow.Parameters.Update(static trainables => trainables[0] += 1);
        Assert.NotEqual(before, OnnxSession.Export(flow, OnnxGraph.LogProb));
    }

    [Fact]
    public void A_flow_that_has_no_weights_yet_is_refused()
    {
        Assert.Throws<FlowNotInitializedException>(() => OnnxSession.Export(new PlaneGlow(), OnnxGraph.LogProb));
        flow.Parameters.Update(static trainables => trainables[1] = float.NaN);
        var error = Assert.Throws<InvalidOperationException>(() => OnnxSession.Export(flow, OnnxGraph.LogProb));
        Assert.Contains("layers.0.bias [2] has the value NaN at 1", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxSession.Export(FlowFixture.Scramble(new PlaneGlow(), 1), (OnnxGraph)4));
    }
}
