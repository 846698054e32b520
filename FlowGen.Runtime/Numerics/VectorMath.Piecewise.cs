using System.Runtime.CompilerServices;

namespace FlowGen.Numerics;

internal static partial class VectorMath
{
    /// <summary>The slope of <see cref="LeakyRelu"/> below 0.</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>ln 0.01.</summary>
    private const float LogLeakySlope = -4.60517019f;

    /// <summary>max(x, 0); NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Relu<V>(V x)
        where V : struct, IVec<V> => V.AtLeast(x, V.Zero);

    /// <summary>x where positive, 0.01 x elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LeakyRelu<V>(V x)
        where V : struct, IVec<V> => V.Select(V.GreaterThan(x, V.Zero), x, x * V.Create(LeakySlope));

    /// <summary>x sigmoid(x), accurate to 2^-22 of max(1, |x sigmoid(x)|), not to the last place where sigmoid(x) is denormal; -0 at -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Silu<V>(V x)
        where V : struct, IVec<V>
    {
        V bounded = V.AtLeast(x, V.Create(ExpLowest));
        return bounded * Sigmoid(bounded);
    }

    /// <summary>d/dx x sigmoid(x) = s + x s (1 - s).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SiluDerivative<V>(V x)
        where V : struct, IVec<V>
    {
        // With the smaller of s and 1 - s, which loses nothing where the other rounds to 1.
        V a = V.AtMost(V.Abs(x), V.Create(-ExpLowest));
        V lower = SigmoidOfNegative(-a);
        V upper = V.Create(1f) - lower;
        V part = V.MultiplyAdd(a * upper, lower, -lower);
        return V.Select(V.GreaterThan(x, V.Zero), V.Create(1f) + part, -part);
    }
}
