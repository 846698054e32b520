using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>What is checked besides where the peer has an inverse and samples do not depend on one another.</summary>
/// <typeparam name="TFlow">The peer's stack, declared as a flow.</typeparam>
public abstract class InvertiblePeerTests<TFlow> : PeerTests<TFlow>
    where TFlow : class, IFlow<TFlow>
{
    [Fact]
    public void Inverses_agree()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] z = peer.Singles("z_f64");
        float[] x = new float[z.Length];
        float[] logDet = new float[z.Length / TFlow.Description.EventShape.Size];
        flow.Inverse(z, x, logDet);
        Close.Assert("x", peer.Tensors["x_inv_f64"], x, ValueTolerance);
        Close.Assert("log-det of the inverse", -peer.Tensors["logdet_f64"], logDet, ValueTolerance);
    }

    [Fact]
    public void The_score_agrees()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] x = peer.Singles("x");
        float[] score = new float[x.Length];
        flow.Score(x, score);
        int count = x.Length / TFlow.Description.EventShape.Size;
        Close.Assert("score", peer.Tensors["grad_x"] * -count, score, GradientTolerance);
    }

    [Fact]
    public void A_sample_alone_has_the_bits_that_it_has_in_the_batch()
    {
        using var peer = PeerCase.Open(CaseName);
        var flow = LoadFlow(peer);
        float[] x = peer.Singles("x");
        int size = TFlow.Description.EventShape.Size;
        var (z, logDet) = Forward(flow, x);
        for (int i = 0; i < logDet.Length; i++)
        {
            var (alone, alonesLogDet) = Forward(flow, x[(i * size)..((i + 1) * size)]);
            Assert.Equal(z[(i * size)..((i + 1) * size)], alone);
            Assert.Equal([logDet[i]], alonesLogDet);
        }
    }

    [Fact]
    public void A_saved_flow_loads_as_it_was()
    {
        using var peer = PeerCase.Open(CaseName);
        var saved = LoadFlow(peer);
        var loaded = TFlow.Create(2);
        using var stream = new MemoryStream();
        saved.Save(stream);
        stream.Position = 0;
        loaded.Load(stream);
        Assert.Equal(saved.Parameters.Select(static tensor => tensor.Values.ToArray()), loaded.Parameters.Select(static tensor => tensor.Values.ToArray()));
        Assert.Equal(Forward(saved, peer.Singles("x")).Z, Forward(loaded, peer.Singles("x")).Z);
    }
}
