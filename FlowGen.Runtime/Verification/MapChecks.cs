namespace FlowGen.Verification;

/// <summary>The checks of a layer, or of the whole flow, as a map and its inverse.</summary>
internal sealed class MapChecks(LayerDescription? layer, string kind)
{
    public LayerDescription? Layer { get; } = layer;

    public CheckTally Reference { get; } = new(layer, kind, VerificationCheck.Reference);

    public CheckTally Forward { get; } = new(layer, kind, VerificationCheck.Forward);

    public CheckTally ForwardLogDet { get; } = new(layer, kind, VerificationCheck.ForwardLogDet);

    public CheckTally InverseLogDet { get; } = new(layer, kind, VerificationCheck.InverseLogDet);

    public CheckTally RoundTrip { get; } = new(layer, kind, VerificationCheck.RoundTrip);

    public CheckTally LatentRoundTrip { get; } = new(layer, kind, VerificationCheck.LatentRoundTrip);

    public IEnumerable<VerificationRow> ToRows() =>
        [Reference.ToRow(), Forward.ToRow(), ForwardLogDet.ToRow(), InverseLogDet.ToRow(), RoundTrip.ToRow(), LatentRoundTrip.ToRow()];
}
