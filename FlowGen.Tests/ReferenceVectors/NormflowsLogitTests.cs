namespace FlowGen.Tests.ReferenceVectors;

/// <summary>The peer's samples are 1x3x3 images; a map of each coordinate by itself takes them as vectors of 9.</summary>
public sealed class NormflowsLogitTests : InvertiblePeerTests<NormflowsLogit>
{
    public override string CaseName => "normflows_logit";

    private protected override TensorMap Map(PeerCase peer) => [];

    private protected override IReadOnlyDictionary<string, Func<FlowGradient, ForeignTensor>> Gradients(PeerCase peer) =>
        new Dictionary<string, Func<FlowGradient, ForeignTensor>>();
}
