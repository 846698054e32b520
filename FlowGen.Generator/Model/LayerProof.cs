namespace FlowGen.Generator.Model;

/// <summary>
/// What is proved about a map, as values: <see cref="Certificate"/> puts it into words. Composition and addition follow the algebra of Jacobians: products keep every
/// matrix nonsingular that is, sums only where signs say so.
/// </summary>
/// <param name="Kind">How it is inverted.</param>
/// <param name="Form">The structure of its Jacobian.</param>
/// <param name="Diagonal">What is known of the diagonal, where the form has one.</param>
/// <param name="IsNonsingular">Whether the Jacobian is nonsingular everywhere, whatever the weights.</param>
/// <param name="LogDet">What the log-determinant depends on.</param>
/// <param name="Smoothness">How often it can be differentiated.</param>
/// <param name="State">What it needs beside its parameters.</param>
internal sealed record LayerProof(
    LayerKind Kind, JacobianForm Form, DiagonalBound Diagonal, bool IsNonsingular, LogDetClass LogDet, Smoothness Smoothness, LayerState State)
{
    /// <summary>What changes nothing.</summary>
    public static LayerProof Identity { get; } =
        new(LayerKind.Permutation, JacobianForm.Diagonal, DiagonalBound.One, true, LogDetClass.Zero, Smoothness.Smooth, LayerState.None);

    /// <summary>A map whose Jacobian has a diagonal, which decides whether it is nonsingular.</summary>
    public static LayerProof Triangular(JacobianForm form, DiagonalBound diagonal, LogDetClass logDet, Smoothness smoothness = Smoothness.Smooth) =>
        new(LayerKind.Analytic, form, diagonal, diagonal.IsNonzero, logDet, smoothness, LayerState.None);

    /// <summary>Of this map followed by another.</summary>
    public LayerProof Then(LayerProof next)
    {
        var form = Form.Then(next.Form);
        return new LayerProof(
            Worse(Kind, next.Kind),
            form,
            form.HasDiagonal ? Diagonal.Times(next.Diagonal) : DiagonalBound.Unknown,
            IsNonsingular && next.IsNonsingular,
            Worse(LogDet, next.LogDet),
            (Smoothness)Math.Min((int)Smoothness, (int)next.Smoothness),
            Worse(State, next.State));
    }

    /// <summary>Of the sum of this map and another.</summary>
    public LayerProof Plus(LayerProof other)
    {
        var form = Form.Plus(other.Form);
        var diagonal = form.HasDiagonal ? Diagonal.Plus(other.Diagonal) : DiagonalBound.Unknown;
        return new LayerProof(
            LayerKind.Iterative,
            form,
            diagonal,
            diagonal.IsNonzero,
            LogDetClass.Data,
            (Smoothness)Math.Min((int)Smoothness, (int)other.Smoothness),
            Worse(State, other.State));
    }

    // The members of these enumerations are listed from what is easiest on.
    private static TEnum Worse<TEnum>(TEnum one, TEnum other)
        where TEnum : struct, Enum => Comparer<TEnum>.Default.Compare(one, other) >= 0 ? one : other;
}
