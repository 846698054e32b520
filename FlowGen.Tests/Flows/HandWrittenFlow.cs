using FlowGen.Kernels;
using FlowGen.Layers;

namespace FlowGen.Tests.Flows;

/// <summary>What the generator emits for <c>[Flow(3), ActNorm, AffineCoupling(8, Activation = Activation.Tanh)]</c>, written by hand: the smallest whole flow.</summary>
internal sealed class HandWrittenFlow : IFlow<HandWrittenFlow>, IFlowProgram
{
    private const int Net0 = 48 + 16;
    private const int Net1 = Net0 + 16 + (16 * 16);
    private const int Scale = Net1 + 16 + (16 * 16);

    private readonly FlowEngine engine;

    public HandWrittenFlow(ulong seed = 0) => engine = new FlowEngine(Description, this, seed);

    /// <summary>A flow of another name.</summary>
    public HandWrittenFlow(string name) => engine = new FlowEngine(Describe(name), this, seed: 0);

    public static FlowDescription Description { get; } = Describe();

    public FlowParameters Parameters => engine.Parameters;

    public bool IsInitialized => engine.IsInitialized;

    FlowEngine IFlow.Engine => engine;

    ProgramShape IFlowProgram.Shape => new(2, 6 + 24 + 18 + 1, 1, Scale + 16, 49, 32, 8);

    public static HandWrittenFlow Create(ulong seed) => new(seed);

    public static FlowDescription Describe(string name = "HandWrittenFlow") => new(
        name,
        EventShape.Vector(3),
        Prior.StandardNormal,
        [],
        [
            new ActNormLayer(3, new LayerCertificate("diagonal", "positive", "sum of log_scale", "scales are exponentials")),
            new AffineCouplingLayer(
                EventShape.Vector(3),
                Partition.OddIndices,
                [8],
                Activation.Tanh,
                CouplingNet.Mlp,
                ScaleFunction.TanhBounded,
                AffineForm.ScaleThenShift,
                1e-3,
                new LayerCertificate("block lower triangular", "positive", "sum of s", "the other half is unchanged")),
        ]);

    public void Forward(ReadOnlySpan<float> x, Span<float> z, Span<float> logDet) => engine.Forward(x, z, logDet);

    public void Inverse(ReadOnlySpan<float> z, Span<float> x, Span<float> logDet) => engine.Inverse(z, x, logDet);

    public void LogProb(ReadOnlySpan<float> x, Span<float> logProb) => engine.LogProb(x, logProb);

    public void Sample(Span<float> x, ulong seed, float temperature = 1) => engine.Sample(x, seed, temperature);

    public double LossGradient(ReadOnlySpan<float> x, Span<float> gradient, GradientOptions? options = null) => engine.LossGradient(x, gradient, options);

    public void Pullback(ReadOnlySpan<float> x, ReadOnlySpan<float> gradZ, ReadOnlySpan<float> gradLogDet, Span<float> gradX, Span<float> gradient) =>
        engine.Pullback(x, gradZ, gradLogDet, gradX, gradient);

    public void Initialize(ReadOnlySpan<float> x) => engine.Initialize(x);

    LayerPlace IFlowProgram.Place(int layer) => layer == 0 ? new LayerPlace(0, 0, 0, 0) : new LayerPlace(6, 1, Net0, 32);

    void IFlowProgram.Prepare(ref Preparation preparation)
    {
        ActNorm.Prepare(ref preparation, 0, 3, 0);
        Dense.Prepare(ref preparation, 6, 2, 8, Net0);
        Dense.Prepare(ref preparation, 30, 8, 2, Net1);
        AffineCoupling.Prepare(ref preparation, 48, Scale);
    }

    void IFlowProgram.Forward(ref Tile tile, int first, int last)
    {
        for (int layer = first; layer < last; layer++)
        {
            if (layer == 0)
            {
                ActNorm.Forward(ref tile, 3, 0);
            }
            else
            {
                Condition(ref tile);
                AffineCoupling.Forward(ref tile, Rows.State(1, 1, 1), 16, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 1e-3f, Scale);
            }
        }
    }

    void IFlowProgram.Inverse(ref Tile tile, int first, int last)
    {
        for (int layer = last - 1; layer >= first; layer--)
        {
            if (layer == 0)
            {
                ActNorm.Inverse(ref tile, 3, 0);
            }
            else
            {
                Condition(ref tile);
                AffineCoupling.Inverse(ref tile, Rows.State(1, 1, 1), 16, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 1e-3f, Scale);
            }
        }
    }

    void IFlowProgram.Backward(ref Tile tile, int layer)
    {
        if (layer == 0)
        {
            ActNorm.Backward(ref tile, 3, 0, 0);
        }
        else
        {
            AffineCoupling.Backward(ref tile, Rows.State(1, 1, 1), 16, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 1e-3f, Scale, 48);
            Dense.Backward(ref tile, Rows.Work(0, 8), Net1, 2, 16, 30, Activation.Tanh);
            Dense.Backward(ref tile, Rows.State(0, 2, 2), Net0, 8, 0, 6);
        }
    }

    void IFlowProgram.FinishGradient(ref GradientSums sums)
    {
    }

    private static void Condition(ref Tile tile)
    {
        Dense.Forward(ref tile, Rows.State(0, 2, 2), Net0, 8, 0, 6, Activation.Tanh);
        Dense.Forward(ref tile, Rows.Work(0, 8), Net1, 2, 16, 30, Activation.Identity);
    }
}
