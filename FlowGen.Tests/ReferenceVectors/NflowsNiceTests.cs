namespace FlowGen.Tests.ReferenceVectors;

/// <summary>The peer keeps the scale itself, not its logarithm, as a constant: it has no gradient there.</summary>
public sealed class NflowsNiceTests : NflowsCouplingTests<NflowsNice>
{
    public override string CaseName => "nflows_nice_d784";

    private protected override TensorMap Map(PeerCase peer)
    {
        var map = base.Map(peer);
        map.Add("layers.4.log_scale", static theirs => theirs["w/_transforms.4._scale"].Log());
        return map;
    }
}
