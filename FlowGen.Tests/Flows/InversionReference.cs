using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using FlowGen.Layers;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>Flows of one triangular layer, away from where they start, beside their definition in double precision.</summary>
internal static class InversionReference
{
    /// <summary>A residual in double precision over the one that an inversion measured, at most: it evaluates in single precision, with more roundings where multiply-adds are not fused.</summary>
    public static double Allowed(double fused) => Fma.IsSupported || AdvSimd.IsSupported ? fused : 3;

    /// <summary>Moves every parameter by up to <paramref name="spread"/>.</summary>
    public static void Disturb<TFlow>(TFlow flow, double spread, int seed)
        where TFlow : class, IFlow<TFlow>
    {
        var random = new System.Random(seed);
        flow.Parameters.Update(trainables =>
        {
            for (int i = 0; i < trainables.Length; i++)
            {
                trainables[i] += (float)(spread * ((2 * random.NextDouble()) - 1));
            }
        });
    }

    /// <summary>The definition of the first layer with the parameters of the flow.</summary>
    public static (LayerDescription Layer, ReferenceWeights Weights) Reference<TFlow>(TFlow flow)
        where TFlow : class, IFlow<TFlow>
    {
        double[] trainables = [.. flow.Parameters.Where(static tensor => tensor.IsTrainable).SelectMany(static tensor => tensor.Values.ToArray()).Select(static value => (double)value)];
        var layer = TFlow.Description.Layers[0];
        return (layer, new ReferenceWeights(layer, trainables, []));
    }

    /// <summary>f(x) - z.</summary>
    public static double[] Excess((LayerDescription Layer, ReferenceWeights Weights) reference, IEnumerable<float> x, double[] target) =>
        Excess(reference, [.. x.Select(static value => (double)value)], target);

    /// <summary>f(x) - z.</summary>
    public static double[] Excess((LayerDescription Layer, ReferenceWeights Weights) reference, double[] x, double[] target)
    {
        double[] value = [.. x];
        _ = reference.Layer.Forward(reference.Weights, value);
        return [.. value.Zip(target, static (y, z) => y - z)];
    }

    /// <summary>The report of 21 samples says of each what the report of that sample alone says, and not the same of all; their numbers have the same bits.</summary>
    public static void AssertReportsAlone<TFlow>(TFlow flow)
        where TFlow : class, IFlow<TFlow>
    {
        const int Count = 21;
        Disturb(flow, 1, 3);
        int size = TFlow.Description.EventShape.Size;
        float[] z = flow.Forward(FlowFixture.Normal(Count * size, 5, 1));
        float[] together = new float[z.Length];
        var all = flow.Inverse(z, together, new float[Count], new InverseOptions());
        for (int sample = 0; sample < Count; sample++)
        {
            float[] x = new float[size];
            var alone = flow.Inverse(z.AsSpan(size * sample, size), x, new float[1], new InverseOptions());
            Assert.Equal(x, together[(size * sample)..(size * (sample + 1))]);
            Assert.Equal(alone.Evaluations(0), all.Evaluations(sample));
            Assert.Equal(alone.Residual(0), all.Residual(sample));
            Assert.Equal(alone.Bound(0), all.Bound(sample));
            Assert.Equal(alone.Guarantee(0), all.Guarantee(sample));
        }

        Assert.True(Enumerable.Range(0, Count).Select(all.Evaluations).Distinct().Count() > 1);
    }
}
