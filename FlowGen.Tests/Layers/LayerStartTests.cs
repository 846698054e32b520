using FlowGen.Kernels;
using FlowGen.Layers;
using FlowGen.Random;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Layers;

/// <summary>What layers start with, and what they take from the first batch.</summary>
public sealed class LayerStartTests
{
    private static readonly LayerCertificate Certificate = LayerCase.Certificate;

    [Fact]
    public void AffineCoupling_IsTheIdentityAtTheStart()
    {
        foreach (var net in Enum.GetValues<CouplingNet>())
        {
            var (layer, weights) = Started(new AffineCouplingLayer(
                EventShape.Vector(5), Partition.OddIndices, [8, 8], Activation.Relu, net, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 0, Certificate));
            double[] x = [0.1, -2, 3, 0.4, 5];
            double[] z = [.. x];
            Assert.Equal(0, layer.Forward(weights, z));
            Assert.Equal(x, z);
        }
    }

    [Fact]
    public void SigmoidScale_StartsAtItsKnownLogDet()
    {
        var (layer, weights) = Started(new AffineCouplingLayer(
            EventShape.Vector(6), Partition.SecondHalf, [8], Activation.Relu, CouplingNet.Mlp, ScaleFunction.Sigmoid, AffineForm.ShiftThenScale, 0, Certificate));
        Assert.Equal(3 * -0.126928, layer.Forward(weights, new double[6]), 1e-6);
    }

    [Fact]
    public void HiddenLayers_StartWithinTheBoundOfTheirInputs()
    {
        var layer = new AdditiveCouplingLayer(EventShape.Vector(8), Partition.FirstHalf, [100, 25], Activation.Relu, CouplingNet.Mlp, Certificate);
        FlowDescription description = new("Case", EventShape.Vector(8), Prior.StandardNormal, [], [layer]);
        var trainables = new float[description.TrainableCount];
        layer.Start(trainables, [], new ParameterRandom(1, 0));
        double[] bounds = [1 / Math.Sqrt(4), 1 / Math.Sqrt(4), 1 / Math.Sqrt(100), 1 / Math.Sqrt(100), 0, 0];
        for (int i = 0; i < bounds.Length; i++)
        {
            var tensor = description.Tensors[i];
            float largest = trainables.AsSpan(tensor.Offset, tensor.Count).ToArray().Max(Math.Abs);
            Assert.InRange(largest, 0.8 * bounds[i], bounds[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void InvertibleLinear_StartsAsARotation(int size)
    {
        var (layer, weights) = Started(new InvertibleLinearLayer(size, LinearParameterization.Plu, Certificate));
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double[] left = Column(i);
                double[] right = Column(j);
                Assert.Equal(i == j ? 1 : 0, left.Zip(right, static (a, b) => a * b).Sum(), 1e-5);
            }
        }

        double[] Column(int index)
        {
            var x = new double[size];
            x[index] = 1;
            Assert.Equal(0, layer.Forward(weights, x), 1e-5);
            return x;
        }
    }

    [Fact]
    public void PluMatrix_InvertsItsProduct()
    {
        const int Size = 23;
        InvertibleLinearLayer layer = new(Size, LinearParameterization.Plu, Certificate);
        FlowDescription description = new("Case", EventShape.Vector(Size), Prior.StandardNormal, [], [layer]);
        var trainables = new float[description.TrainableCount];
        var buffers = new float[description.BufferCount];
        layer.Start(trainables, buffers, new ParameterRandom(3, 0));
        double[] product = new double[Size * Size];
        double[] inverse = new double[Size * Size];
        using (PluMatrix matrix = new(Size, trainables, buffers))
        {
            matrix.Multiply(product);
            matrix.Invert(inverse);
        }

        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                double sum = Enumerable.Range(0, Size).Sum(k => product[(i * Size) + k] * inverse[(k * Size) + j]);
                Assert.Equal(i == j ? 1 : 0, sum, 1e-12);
            }
        }
    }

    [Fact]
    public void ActNorm_IsInitialisedToMeanZeroAndVarianceOne()
    {
        ActNormLayer layer = new(3, Certificate);
        _ = new FlowDescription("Case", EventShape.Vector(3), Prior.StandardNormal, [], [layer]);
        double[] mean = [5, -0.25, 1000];
        double[] variance = [4, 1e-6, 9];
        var trainables = new float[6];
        var buffers = new float[1];
        ((IDataDependentLayer)layer).Initialize(mean, variance, trainables, buffers);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(-mean[i], trainables[i]);
            double scale = Math.Exp(trainables[3 + i]);
            Assert.Equal(1, variance[i] * scale * scale, 1e-6);
        }

        Assert.Equal(0, ((IDataDependentLayer)layer).InitializedFlag);
    }

    [Fact]
    public void Standardize_TakesMeanAndDeviation()
    {
        StandardizeLayer layer = new(2, Certificate);
        FlowDescription description = new("Case", EventShape.Vector(2), Prior.StandardNormal, [], [layer]);
        var buffers = new float[5];
        ((IDataDependentLayer)layer).Initialize([5, -1], [4, 0.25], [], buffers);
        Assert.Equal([5, -1, 2, 0.5f, 0], buffers);
        Assert.Equal(TensorElement.Flag, description.Tensors.Single(tensor => tensor.Offset == ((IDataDependentLayer)layer).InitializedFlag).Element);
    }

    [Theory]
    [InlineData(1.0, 0.0)]
    [InlineData(1.0, double.NaN)]
    [InlineData(double.PositiveInfinity, 1.0)]
    [InlineData(1e6, 1e-20)]
    public void DegenerateData_IsRefusedByNameOfLayerAndCoordinate(double mean, double variance)
    {
        foreach (LayerDescription layer in (LayerDescription[])[new ActNormLayer(2, Certificate), new StandardizeLayer(2, Certificate)])
        {
            _ = new FlowDescription("Case", EventShape.Vector(2), Prior.StandardNormal, [], [new ReverseLayer(2, Certificate), layer]);
            var error = Assert.Throws<DegenerateDataException>(
                () => ((IDataDependentLayer)layer).Initialize([0, mean], [1, variance], new float[4], new float[5]));
            Assert.Contains($"Layer 1 ({layer.Kind})", error.Message, StringComparison.Ordinal);
            Assert.Contains("coordinate 1", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void BatchNorm_MovesItsRunningStatisticsByItsMomentum()
    {
        IBatchCoupledLayer layer = new BatchNormLayer(2, 0.25, 1e-5, Certificate);
        float[] buffers = [0, 2, 1, 1];
        layer.UpdateRunning([4, 2], [5, 1], buffers);
        Assert.Equal([1, 2, 2, 1], buffers);
    }

    [Fact]
    public void BatchNorm_PreparedForABatch_NormalisesByItsStatistics()
    {
        IBatchCoupledLayer layer = new BatchNormLayer(2, 0.1, 0.5, Certificate);
        var prepared = new float[BatchNorm.PreparedSize(2)];
        layer.PrepareBatch([4, 2], [3.5, 0.5], prepared);
        float[] state = [6, 3, .. new float[30]];
        var logDet = new float[2];
        Tile t = new() { Lanes = 1, State = ref state[0], LogDet = ref logDet[0], Weights = ref prepared[0] };
        BatchNorm.Forward(ref t, 2, 0);
        Assert.Equal([1, 1], state[..2]);
        Assert.Equal(-0.5 * Math.Log(4), (double)logDet[0] + logDet[1], 1e-7);
    }

    [Fact]
    public void Logit_HasItsKnownLogDet()
    {
        var (layer, weights) = Started(new LogitLayer(1, 0.05, Certificate));
        double[] x = [0.37];
        Assert.Equal(1.337246029220, layer.Forward(weights, x), 1e-11);
    }

    private static (LayerDescription Layer, ReferenceWeights Weights) Started(LayerDescription layer)
    {
        FlowDescription description = new("Case", EventShape.Vector(layer.Size), Prior.StandardNormal, [], [layer]);
        var trainables = new float[description.TrainableCount];
        var buffers = new float[description.BufferCount];
        layer.Start(trainables, buffers, new ParameterRandom(1, 0));
        return (layer, new ReferenceWeights(layer, Array.ConvertAll(trainables, static v => (double)v), Array.ConvertAll(buffers, static v => (double)v)));
    }
}
