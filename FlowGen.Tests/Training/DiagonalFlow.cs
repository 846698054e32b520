using FlowGen.Kernels;
using FlowGen.Layers;

namespace FlowGen.Tests.Training;

/// <summary>A stack of diagonal layers over two coordinates as a program: its maximum of likelihood is known, and every kind of state that training carries occurs in it.</summary>
internal sealed class DiagonalFlow : IFlow, IFlowProgram
{
    public const int Size = 2;
    private const int Prepared = (3 * 16) + 16;
    private static readonly LayerCertificate Certificate = new("diagonal", "positive", "sum of logarithms", "scales are positive");

    private readonly FlowDescription description;
    private readonly FlowEngine engine;

    public DiagonalFlow(Prior prior, params LayerDescription[] layers)
    {
        description = new FlowDescription("DiagonalFlow", EventShape.Vector(Size), prior, [], layers);
        engine = new FlowEngine(description, this, 0);
    }

    public FlowParameters Parameters => engine.Parameters;

    public bool IsInitialized => engine.IsInitialized;

    FlowEngine IFlow.Engine => engine;

    ProgramShape IFlowProgram.Shape => new(
        description.Layers.Count, description.TrainableCount, description.BufferCount, Prepared * description.Layers.Count, description.TrainableCount, 16, 0);

    public static LayerDescription ActNorm() => new ActNormLayer(Size, Certificate);

    public static LayerDescription BatchNorm() => new BatchNormLayer(Size, 0.1, 1e-5, Certificate);

    public static LayerDescription Rescale() => new RescaleLayer(Size, Certificate);

    public static LayerDescription Dequantize(int bins) => new DequantizeLayer(Size, bins, Certificate);

    public static LayerDescription Logit() => new LogitLayer(Size, 0.05, Certificate);

    /// <summary>A Gaussian with learned mean and deviation.</summary>
    public static DiagonalFlow Gaussian() => new(Prior.StandardNormal, ActNorm());

    /// <summary>Learned weights around batch statistics.</summary>
    public static DiagonalFlow WithBatchNorm() => new(Prior.StandardNormal, ActNorm(), BatchNorm(), Rescale());

    /// <summary>Discrete data with four levels.</summary>
    public static DiagonalFlow Levels() => new(Prior.StandardLogistic, Dequantize(4), ActNorm());

    public void Forward(ReadOnlySpan<float> x, Span<float> z, Span<float> logDet) => engine.Forward(x, z, logDet);

    public void Inverse(ReadOnlySpan<float> z, Span<float> x, Span<float> logDet) => engine.Inverse(z, x, logDet);

    public void LogProb(ReadOnlySpan<float> x, Span<float> logProb) => engine.LogProb(x, logProb);

    public void Sample(Span<float> x, ulong seed, float temperature = 1) => engine.Sample(x, seed, temperature);

    public double LossGradient(ReadOnlySpan<float> x, Span<float> gradient, GradientOptions? options = null) => engine.LossGradient(x, gradient, options);

    public void Pullback(ReadOnlySpan<float> x, ReadOnlySpan<float> gradZ, ReadOnlySpan<float> gradLogDet, Span<float> gradX, Span<float> gradient) =>
        engine.Pullback(x, gradZ, gradLogDet, gradX, gradient);

    public void Initialize(ReadOnlySpan<float> x) => engine.Initialize(x);

    LayerPlace IFlowProgram.Place(int layer) => new(Offset(layer, trainable: true), Offset(layer, trainable: false), Prepared * layer, 16);

    void IFlowProgram.Prepare(ref Preparation preparation)
    {
        for (int i = 0; i < description.Layers.Count; i++)
        {
            var place = ((IFlowProgram)this).Place(i);
            switch (description.Layers[i])
            {
                case ActNormLayer:
                    FlowGen.Kernels.ActNorm.Prepare(ref preparation, place.Parameters, Size, place.Weights);
                    break;
                case BatchNormLayer:
                    FlowGen.Kernels.BatchNorm.Prepare(ref preparation, place.Buffers, Size, 1e-5, place.Weights);
                    break;
                case RescaleLayer:
                    FlowGen.Kernels.Rescale.Prepare(ref preparation, place.Parameters, Size, place.Weights);
                    break;
            }
        }
    }

    void IFlowProgram.Forward(ref Tile tile, int first, int last)
    {
        for (int i = first; i < last; i++)
        {
            switch (description.Layers[i])
            {
                case DequantizeLayer layer:
                    FlowGen.Kernels.Dequantize.Forward(ref tile, Size, layer.Bins!.Value);
                    break;
                case LogitLayer:
                    FlowGen.Kernels.Logit.Forward(ref tile, Size, 0.05f);
                    break;
                default:
                    FlowGen.Kernels.ActNorm.Forward(ref tile, Size, Prepared * i);
                    break;
            }
        }
    }

    void IFlowProgram.Inverse(ref Tile tile, int first, int last)
    {
        for (int i = last - 1; i >= first; i--)
        {
            switch (description.Layers[i])
            {
                case DequantizeLayer layer:
                    FlowGen.Kernels.Dequantize.Inverse(ref tile, Size, layer.Bins!.Value);
                    break;
                case LogitLayer:
                    FlowGen.Kernels.Logit.Inverse(ref tile, Size, 0.05f);
                    break;
                default:
                    FlowGen.Kernels.ActNorm.Inverse(ref tile, Size, Prepared * i);
                    break;
            }
        }
    }

    void IFlowProgram.Backward(ref Tile tile, int layer)
    {
        var place = ((IFlowProgram)this).Place(layer);
        switch (description.Layers[layer])
        {
            case ActNormLayer:
                FlowGen.Kernels.ActNorm.Backward(ref tile, Size, place.Weights, place.Parameters);
                break;
            case RescaleLayer:
                FlowGen.Kernels.Rescale.Backward(ref tile, Size, place.Weights, place.Parameters);
                break;
            case DequantizeLayer dequantize:
                FlowGen.Kernels.Dequantize.Backward(ref tile, Size, dequantize.Bins!.Value);
                break;
            case LogitLayer:
                FlowGen.Kernels.Logit.Backward(ref tile, Size, 0.05f);
                break;
            default:
                FlowGen.Kernels.BatchNorm.Backward(ref tile, Size, place.Weights);
                break;
        }
    }

    void IFlowProgram.FinishGradient(ref GradientSums sums)
    {
    }

    private int Offset(int layer, bool trainable) =>
        description.Layers.Take(layer).SelectMany(static earlier => earlier.Tensors).Where(tensor => tensor.IsTrainable == trainable).Sum(static tensor => tensor.Count);
}
