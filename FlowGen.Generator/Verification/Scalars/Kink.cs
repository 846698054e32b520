using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>A point where the slope of a function jumps, and what that does to a log-determinant.</summary>
/// <param name="At">Where.</param>
/// <param name="Left">The slope on its left.</param>
/// <param name="Right">The slope on its right.</param>
/// <param name="IsPiecewiseLinear">Whether the slope changes nowhere but at such points.</param>
/// <param name="IsFlat">Whether the slope is zero on a part of the line.</param>
internal sealed record Kink(double At, double Left, double Right, bool IsPiecewiseLinear, bool IsFlat)
{
    /// <summary>That of an activation of the runtime; null if it has none.</summary>
    public static Kink? Of(Activation activation) => activation switch
    {
        Activation.Relu => new(0, 0, 1, IsPiecewiseLinear: true, IsFlat: true),
        Activation.LeakyRelu => new(0, 0.01, 1, IsPiecewiseLinear: true, IsFlat: false),
        _ => null,
    };

    /// <summary>The first of a function of the user's, whatever else there is to say about it; null if none is known.</summary>
    public static Kink? Of(PiecewiseForm form)
    {
        var slopes = form.Pieces.Select(static piece => Derivatives.Of(piece.Value)).ToList();
        for (int i = 0; i < form.Joints.Count; i++)
        {
            var at = form.Joints[i].At;
            if (ScalarProver.Gap(slopes[i], slopes[i + 1], at) is { ExcludesZero: true })
            {
                return new(
                    at.ToDouble(),
                    ScalarProver.Value(slopes[i], at),
                    ScalarProver.Value(slopes[i + 1], at),
                    slopes.TrueForAll(static slope => !slope.Varies),
                    slopes.Exists(static slope => slope is Constant { Value.IsZero: true }));
            }
        }

        return null;
    }
}
