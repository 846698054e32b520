namespace FlowGen.Generator.Model;

/// <summary>On which side of the diagonal a triangular Jacobian is filled, and in which order of the coordinates.</summary>
/// <param name="Triangle">The side.</param>
/// <param name="Order">The order of an image's coordinates.</param>
/// <param name="ReadsPixels">Whether an output reads other pixels than its own: of one that does not, both orders say the same.</param>
internal readonly record struct Direction(Triangle Triangle, TriangularOrder Order, bool ReadsPixels)
{
    /// <summary>The structure of such a Jacobian.</summary>
    public JacobianForm Form => new(Triangle == Triangle.Lower ? JacobianPattern.Lower : JacobianPattern.Upper, OrderText);

    /// <summary>The structure in words.</summary>
    public string Structure => Triangle == Triangle.Lower ? "lower triangular" : "upper triangular";

    /// <summary>The order in words.</summary>
    public string OrderText => Order == TriangularOrder.ChannelMajor ? "channel by channel" : "pixel by pixel";
}
