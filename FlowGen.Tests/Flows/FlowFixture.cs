using FlowGen.Random;

namespace FlowGen.Tests.Flows;

/// <summary>Weights and data for flows under test, fixed by seeds.</summary>
internal static class FlowFixture
{
    /// <summary>Moves every trainable parameter away from where it starts, by up to <paramref name="spread"/>, and says that the weights are final.</summary>
    public static T Scramble<T>(T flow, int seed, float spread = 0.5f)
        where T : IFlow
    {
        Scramble(flow.Parameters, seed, spread);
        return flow;
    }

    /// <inheritdoc cref="Scramble{T}"/>
    public static void Scramble(FlowParameters parameters, int seed, float spread = 0.5f)
    {
        var random = new ParameterRandom((ulong)seed, 77);
        parameters.Update(trainables =>
        {
            for (int i = 0; i < trainables.Length; i++)
            {
                trainables[i] += random.Uniform(spread);
            }
        });
        parameters.MarkInitialized();
    }

    /// <summary>Normal numbers.</summary>
    public static float[] Normal(int count, int seed, double deviation = 1)
    {
        var random = new ParameterRandom((ulong)seed, 78);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(deviation * random.Normal()))];
    }
}
