using FlowGen.Generator.Verification.Scalars;

namespace FlowGen.Generator.Emission;

/// <summary>The expressions that are printed for a scalar function, piece by piece.</summary>
/// <param name="Values">The function.</param>
/// <param name="Slopes">Its derivative.</param>
/// <param name="LogSlopes">The logarithm of the derivative's magnitude.</param>
/// <param name="LogSlopeSlopes">The derivative of that.</param>
/// <param name="Inverses">The inverse, if it is a formula.</param>
/// <param name="JointValues">The function where the pieces meet.</param>
/// <param name="Origin">The function at 0.</param>
internal sealed record ScalarCode(
    IReadOnlyList<Expression> Values,
    IReadOnlyList<Expression> Slopes,
    IReadOnlyList<Expression> LogSlopes,
    IReadOnlyList<Expression> LogSlopeSlopes,
    IReadOnlyList<Expression>? Inverses,
    IReadOnlyList<double> JointValues,
    double Origin)
{
    /// <summary>The expressions of a function that was proved to be invertible.</summary>
    public static ScalarCode Of(ScalarProof proof)
    {
        var values = proof.Form.Pieces.Select(static piece => piece.Value).ToList();
        var slopes = values.ConvertAll(Derivatives.Of);
        var logarithms = slopes.ConvertAll(slope => Derivatives.LogMagnitude(slope, proof.Sign));
        var inverses = values.ConvertAll(SymbolicInverse.Of);
        int origin = proof.Form.Joints.Count(static joint => joint.At.Sign <= 0);
        return new(
            values,
            slopes,
            logarithms,
            logarithms.ConvertAll(Derivatives.Of),
            inverses.Contains(null) ? null : inverses.ConvertAll(static inverse => inverse!),
            [.. proof.Form.Joints.Select(static joint => At(joint.Value))],
            At(Algebra.Substitute(values[origin], Algebra.Zero)));
    }

    private static double At(Expression constant)
    {
        var range = new Tape(constant, isPositive: false).At(0);
        return range.Low + ((range.High - range.Low) / 2);
    }
}
