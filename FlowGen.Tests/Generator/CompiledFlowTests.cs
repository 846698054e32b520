using FlowGen.Random;
using FlowGen.Tests.Flows;
using Xunit;

namespace FlowGen.Tests.Generator;

public sealed class CompiledFlowTests
{
    [Fact]
    public void Two_moons_passes_the_verifier() => Verify<TwoMoons>(2, 37);

    [Fact]
    public void Every_layer_passes_the_verifier() => Verify<EveryLayer>(5, 33);

    [Fact]
    public void Unbounded_layers_pass_the_verifier() => Verify<Unbounded>(3, 18);

    [Fact]
    public void Nested_steps_pass_the_verifier() => Verify(4, 20, Nested.Create(5), [.. Enumerable.Range(0, 80).Select(static i => (float)(i * 7 % 16))]);

    [Fact]
    public void Additive_couplings_pass_the_verifier() => Verify<Nice>(3, 40);

    [Fact]
    public void One_dimension_passes_the_verifier() => Verify<OneDimension>(1, 17);

    [Fact]
    public void A_flow_inside_generic_types_with_keyword_names_passes_the_verifier() => Verify<Outer<string>.@struct.@class<int>>(2, 9);

    private static void Verify<TFlow>(int size, int count)
        where TFlow : class, IFlow<TFlow> => Verify(size, count, TFlow.Create(5), FlowFixture.Normal(size * count, 11));

    private static void Verify<TFlow>(int size, int count, TFlow flow, float[] samples)
        where TFlow : class, IFlow<TFlow>
    {
        Assert.Equal(size * count, samples.Length);
        if (!flow.IsInitialized)
        {
            flow.Initialize(samples);
        }

        // Far enough from the identity to tell sides, signs and offsets apart; near enough for the whole stack to be well conditioned.
        var random = new ParameterRandom(3, 79);
        flow.Parameters.Update(trainables =>
        {
            for (int i = 0; i < trainables.Length; i++)
            {
                trainables[i] += random.Uniform(0.12);
            }
        });
        var report = FlowVerifier.Verify(flow, samples);
        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        report.ThrowIfFailed();
    }
}
