using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowGen.Numerics;

namespace FlowGen.Tests.Numerics;

/// <summary>A vector function as a type argument.</summary>
internal interface IVectorFunction
{
    static abstract V Apply<V>(V x)
        where V : struct, IVec<V>;
}

/// <summary>A function under test: itself at every width that this process has, the widest first, the exact one, and how far they may be apart.</summary>
internal sealed record VectorFunction(string Name, Func<double, double> Reference, double Ulps, Action<float[], float[]>[] Widths)
{
    /// <summary>The function <typeparamref name="T"/>, which may be off by a number of units in the last place.</summary>
    public static VectorFunction Of<T>(Func<double, double> reference, double ulps)
        where T : IVectorFunction =>
        new(typeof(T).Name, reference, ulps, Vector512.IsHardwareAccelerated ? [Map<Vec512, T>, Map<Vec256, T>, Map<Vec128, T>, Map<VecScalar, T>]
            : Vector256.IsHardwareAccelerated ? [Map<Vec256, T>, Map<Vec128, T>, Map<VecScalar, T>]
            : Vector128.IsHardwareAccelerated ? [Map<Vec128, T>, Map<VecScalar, T>]
            : [Map<VecScalar, T>, Map<Vec128, T>]);

    /// <summary>The result for one number.</summary>
    public float Apply(float x)
    {
        var source = new float[16];
        var destination = new float[16];
        Array.Fill(source, x);
        Widths[0](source, destination);
        return destination[15];
    }

    public override string ToString() => Name;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<V, T>(float[] source, float[] destination)
        where V : struct, IVec<V>
        where T : IVectorFunction
    {
        for (nint i = 0; i < source.Length; i += V.Count)
        {
            V.Store(T.Apply(V.Load(ref source[0], i)), ref destination[0], i);
        }
    }
}
