using System.Runtime.CompilerServices;
using FlowGen.Numerics;

namespace FlowGen.Kernels;

/// <summary>Inverts a strictly monotone function: Newton's method, kept inside a bracket that shrinks with every step.</summary>
/// <remarks>
/// The mean value theorem gives the bracket: with m &lt;= |f'| &lt;= M everywhere, x lies between (z - f(0)) / M and (z - f(0)) / m.
/// Its ends are evaluated before they are believed, since f is computed in single precision; where one fails, or m is 0, ends are
/// looked for outward from 0, so that f is not asked for values that overflow unless x is there. A step that leaves the bracket, or is not half as long as the one before, is replaced by the
/// middle of the bracket, counted in floats, so that 32 of these reach any number. Each lane stops by itself.
/// The function is not inlined into the search: so much at once is more than the JIT inlines, which calls the rest, every operation of it, unoptimised.
/// </remarks>
internal static class ScalarSearch
{
    private const int MostSteps = 160;

    private const int MostGrowth = 33;

    /// <summary>The x with f(x) = z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static V Solve<TFunction, V>(V z, ScalarBounds bounds)
        where TFunction : struct, IScalarFunction
        where V : struct, IVec<V>
    {
        V sign = V.Create(bounds.Increasing ? 1f : -1f);
        V largest = V.Create(float.MaxValue);
        V half = V.Create(0.5f);
        V low = -V.Create(1f);
        V high = V.Create(1f);
        V distance = sign * (z - V.Create(bounds.Origin));
        if (bounds.Least > 0)
        {
            V near = distance / V.Create(bounds.Most);
            V far = distance / V.Create(bounds.Least);
            low = V.Max(V.Min(near, far), -largest);
            high = V.Min(V.Max(near, far), largest);
        }

        Bracket<TFunction, V>(z, sign, ref low, ref high);
        V x;
        V next = distance / Slope<TFunction, V>(V.Zero, sign);
        x = V.Select(V.And(V.GreaterThan(next, low), V.LessThan(next, high)), next, Middle(low, high));
        V length = V.Create(float.PositiveInfinity);
        V active = V.Equal(z, z);
        for (int i = 0; i < MostSteps && IsAny(active); i++)
        {
            V residual = Residual<TFunction, V>(x, z, sign);
            low = V.Select(V.And(active, V.LessThan(residual, V.Zero)), x, low);
            high = V.Select(V.And(active, V.GreaterThan(residual, V.Zero)), x, high);
            V slope = Slope<TFunction, V>(x, sign);
            V step = residual / slope;
            V newton = x - step;
            V inside = V.And(V.GreaterThan(newton, low), V.LessThan(newton, high));
            V shrinks = V.LessThan(V.Abs(step), half * length);
            V middle = Middle(low, high);
            next = V.Select(V.And(inside, shrinks), newton, middle);
            length = V.Select(shrinks, V.Abs(step), half * length);

            // A step that is lost to rounding ends the search, as does a bracket without a float inside.
            V lost = V.And(V.Equal(newton, x), V.LessThan(slope, V.Create(float.PositiveInfinity)));
            V settled = V.Or(V.Equal(residual, V.Zero), V.Or(lost, V.Or(V.Equal(middle, low), V.Equal(middle, high))));
            active = V.And(active, V.Xor(settled, V.CreateBits(-1)));
            x = V.Select(active, next, x);
        }

        return InRange(x, z, sign, bounds);
    }

    // Ends that are on the wrong side move outward, the other behind them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Bracket<TFunction, V>(V z, V sign, ref V low, ref V high)
        where TFunction : struct, IScalarFunction
        where V : struct, IVec<V>
    {
        V largest = V.Create(float.MaxValue);
        V growth = V.Create(16f);
        V one = V.Create(1f);
        V astray = V.GreaterThan(Residual<TFunction, V>(low, z, sign), V.Zero);
        for (int i = 0; i < MostGrowth && IsAny(astray); i++)
        {
            high = V.Select(astray, low, high);
            low = V.Select(astray, V.AtLeast(V.AtMost(low, -one) * growth, -largest), low);
            astray = V.And(astray, V.GreaterThan(Residual<TFunction, V>(low, z, sign), V.Zero));
        }

        astray = V.LessThan(Residual<TFunction, V>(high, z, sign), V.Zero);
        for (int i = 0; i < MostGrowth && IsAny(astray); i++)
        {
            low = V.Select(astray, high, low);
            high = V.Select(astray, V.AtMost(V.AtLeast(high, one) * growth, largest), high);
            astray = V.And(astray, V.LessThan(Residual<TFunction, V>(high, z, sign), V.Zero));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static V InRange<V>(V x, V z, V sign, ScalarBounds bounds)
        where V : struct, IVec<V>
    {
        V infinity = V.Create(float.PositiveInfinity);
        V atHigh = V.Equal(z, V.Create(bounds.High));
        V atLow = V.Equal(z, V.Create(bounds.Low));
        x = V.Select(atHigh, sign * infinity, V.Select(atLow, -(sign * infinity), x));
        V outside = V.Or(V.GreaterThan(z, V.Create(bounds.High)), V.LessThan(z, V.Create(bounds.Low)));
        return V.Select(V.And(V.Equal(z, z), V.Xor(outside, V.CreateBits(-1))), x, V.Create(float.NaN));
    }

    /// <summary>f(x) - z, rising with x. Where f overflows, x is too far from 0, whatever came out: a rising function is infinite on its own side only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static V Residual<TFunction, V>(V x, V z, V sign)
        where TFunction : struct, IScalarFunction
        where V : struct, IVec<V>
    {
        V residual = sign * (TFunction.Apply<V, LaneMath<V>>(x) - z);
        return V.Select(V.LessThan(V.Abs(residual), V.Create(float.PositiveInfinity)), residual, x);
    }

    /// <summary>f'(x), positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static V Slope<TFunction, V>(V x, V sign)
        where TFunction : struct, IScalarFunction
        where V : struct, IVec<V> => sign * TFunction.Derivative<V, LaneMath<V>>(x);

    /// <summary>The float in the middle between two, in the order of all floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Middle<V>(V low, V high)
        where V : struct, IVec<V>
    {
        V a = Order(low);
        V b = Order(high);
        V carry = V.And(V.And(a, b), V.CreateBits(1));
        return Order(V.AddBits(V.AddBits(V.ShiftRightArithmeticBits(a, 1), V.ShiftRightArithmeticBits(b, 1)), carry));
    }

    /// <summary>The bits of a float as an integer of the same order, and back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Order<V>(V value)
        where V : struct, IVec<V> =>
        V.Xor(value, V.And(V.ShiftRightArithmeticBits(value, 31), V.CreateBits(int.MaxValue)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsAny<V>(V mask)
        where V : struct, IVec<V> => V.Sum(V.And(mask, V.Create(1f))) > 0;
}
