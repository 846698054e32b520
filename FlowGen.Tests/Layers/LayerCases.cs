using FlowGen.Kernels;
using FlowGen.Layers;
using Xunit;

namespace FlowGen.Tests.Layers;

/// <summary>Every layer, in the options that lead to code of its own.</summary>
internal static class LayerCases
{
    private const int W = LayerCase.Weights;

    private static readonly int[] Sizes = [1, 2, 3, 5, 7, 16, 17, 33];

    private static readonly Dictionary<string, Func<int, LayerCase>> Makers = new()
    {
        ["ActNorm"] = size => new LayerCase(new ActNormLayer(size, LayerCase.Certificate), ActNorm.PreparedSize(size), 0)
        {
            Prepare = (ref Preparation p) => ActNorm.Prepare(ref p, 2 * size, size, W),
            Forward = (ref Tile t) => ActNorm.Forward(ref t, size, W),
            Inverse = (ref Tile t) => ActNorm.Inverse(ref t, size, W),
            Backward = (ref Tile t) => ActNorm.Backward(ref t, size, W, 2 * size),
        },
        ["Rescale"] = size => new LayerCase(new RescaleLayer(size, LayerCase.Certificate), Rescale.PreparedSize(size), 0)
        {
            Prepare = (ref Preparation p) => Rescale.Prepare(ref p, 2 * size, size, W),
            Forward = (ref Tile t) => Rescale.Forward(ref t, size, W),
            Inverse = (ref Tile t) => Rescale.Inverse(ref t, size, W),
            Backward = (ref Tile t) => Rescale.Backward(ref t, size, W, 2 * size),
        },
        ["SinhArcsinh"] = size => new LayerCase(new SinhArcsinhLayer(size, LayerCase.Certificate), SinhArcsinh.PreparedSize(size), 0)
        {
            Prepare = (ref Preparation p) => SinhArcsinh.Prepare(ref p, 2 * size, size, W),
            Forward = (ref Tile t) => SinhArcsinh.Forward(ref t, size, W),
            Inverse = (ref Tile t) => SinhArcsinh.Inverse(ref t, size, W),
            Backward = (ref Tile t) => SinhArcsinh.Backward(ref t, size, W, 2 * size),
        },
        ["BatchNorm"] = size => new LayerCase(new BatchNormLayer(size, 0.1, 1e-3, LayerCase.Certificate), BatchNorm.PreparedSize(size), 0)
        {
            Prepare = (ref Preparation p) => BatchNorm.Prepare(ref p, 1, size, 1e-3, W),
            Forward = (ref Tile t) => BatchNorm.Forward(ref t, size, W),
            Inverse = (ref Tile t) => BatchNorm.Inverse(ref t, size, W),
            Backward = (ref Tile t) => BatchNorm.Backward(ref t, size, W),
            Disturb = (buffers, random) => Moments(buffers.AsSpan(1), size, random),
        },
        ["Standardize"] = size => new LayerCase(new StandardizeLayer(size, LayerCase.Certificate), Standardize.PreparedSize(size), 0)
        {
            Prepare = (ref Preparation p) => Standardize.Prepare(ref p, 1, size, W),
            Forward = (ref Tile t) => Standardize.Forward(ref t, size, W),
            Inverse = (ref Tile t) => Standardize.Inverse(ref t, size, W),
            Backward = (ref Tile t) => Standardize.Backward(ref t, size, W),
            Disturb = (buffers, random) => Moments(buffers.AsSpan(1), size, random),
        },
        ["Permute"] = size => Permutation(new PermuteLayer([.. Enumerable.Range(0, size).Select(i => ((i * 2) + 1) % size).Distinct().Union(Enumerable.Range(0, size))], LayerCase.Certificate)),
        ["Shuffle"] = size => Permutation(new ShuffleLayer(size, 7, LayerCase.Certificate)),
        ["Reverse"] = size => new LayerCase(new ReverseLayer(size, LayerCase.Certificate), 0, 0)
        {
            Forward = (ref Tile t) => Reverse.Forward(ref t, size),
            Inverse = (ref Tile t) => Reverse.Inverse(ref t, size),
            Backward = (ref Tile t) => Reverse.Backward(ref t, size),
        },
        ["InvertibleLinear"] = size =>
            new LayerCase(new InvertibleLinearLayer(size, LinearParameterization.Plu, LayerCase.Certificate), InvertibleLinear.PreparedSize(size), Pad(size), (size * size) + 1)
            {
                Disturbance = 0.5f / size,
                Prepare = (ref Preparation p) => InvertibleLinear.Prepare(ref p, 2 * size, 1, size, W),
                Forward = (ref Tile t) => InvertibleLinear.Forward(ref t, size, W),
                Inverse = (ref Tile t) => InvertibleLinear.Inverse(ref t, size, W),
                Backward = (ref Tile t) => InvertibleLinear.Backward(ref t, size, W, (2 * size) + (size * size)),
                Finish = (ref GradientSums s) => InvertibleLinear.Finish(ref s, 2 * size, 1, size, (2 * size) + (size * size)),
            },
        ["Elementwise LeakyRelu"] = size => Elementwise(size, Activation.LeakyRelu),
        ["Elementwise Elu"] = size => Elementwise(size, Activation.Elu),
        ["Elementwise Tanh"] = size => Elementwise(size, Activation.Tanh),
        ["Elementwise Sigmoid"] = size => Elementwise(size, Activation.Sigmoid),
        ["Elementwise Softplus"] = size => Elementwise(size, Activation.Softplus),
        ["MaskedConv Lower"] = static size => TriangularCase.MaskedConv(size, Triangle.Lower),
        ["MaskedConv Upper"] = static size => TriangularCase.MaskedConv(size, Triangle.Upper),
        ["MintLayer Lower Elu"] = static size => TriangularCase.Mint(size, Triangle.Lower, 3, Activation.Elu),
        ["MintLayer Upper Elu"] = static size => TriangularCase.Mint(size, Triangle.Upper, 3, Activation.Elu),
        ["MintLayer Upper Tanh"] = static size => TriangularCase.Mint(size, Triangle.Upper, 4, Activation.Tanh),
        ["MintLayer Lower Sigmoid"] = static size => TriangularCase.Mint(size, Triangle.Lower, 1, Activation.Sigmoid),
        ["MintLayer Upper Softplus"] = static size => TriangularCase.Mint(size, Triangle.Upper, 2, Activation.Softplus),
        ["MintLayer Upper Sigmoid"] = static size => TriangularCase.Mint(size, Triangle.Upper, 7, Activation.Sigmoid),
        ["Sum Lower"] = static size => SumCase.Create(size),
        ["Logit 0.05"] = size => Logit(size, 0.05),
        ["Logit 1e-6"] = size => Logit(size, 1e-6),
        ["Dequantize 256"] = size => Dequantize(size, 256),
        ["Dequantize 10"] = size => Dequantize(size, 10),
        ["AdditiveCoupling OddIndices"] = size => CouplingCase.Additive(size, Partition.OddIndices, CouplingNet.Mlp),
        ["AdditiveCoupling SecondHalf residual"] = size => CouplingCase.Additive(size, Partition.SecondHalf, CouplingNet.ResidualMlp),
        ["AffineCoupling TanhBounded EvenIndices"] = size => CouplingCase.Affine(size, Partition.EvenIndices, CouplingNet.Mlp, ScaleFunction.TanhBounded, AffineForm.ScaleThenShift, 0),
        ["AffineCoupling TanhBounded OddIndices shifted first"] = size => CouplingCase.Affine(size, Partition.OddIndices, CouplingNet.Mlp, ScaleFunction.TanhBounded, AffineForm.ShiftThenScale, 0),
        ["AffineCoupling Exp FirstHalf"] = size => CouplingCase.Affine(size, Partition.FirstHalf, CouplingNet.ResidualMlp, ScaleFunction.Exp, AffineForm.ScaleThenShift, 0),
        ["AffineCoupling Exp SecondHalf shifted first"] = size => CouplingCase.Affine(size, Partition.SecondHalf, CouplingNet.Mlp, ScaleFunction.Exp, AffineForm.ShiftThenScale, 0),
        ["AffineCoupling Sigmoid OddIndices"] = size => CouplingCase.Affine(size, Partition.OddIndices, CouplingNet.ResidualMlp, ScaleFunction.Sigmoid, AffineForm.ScaleThenShift, 0),
        ["AffineCoupling Sigmoid FirstHalf shifted first"] = size => CouplingCase.Affine(size, Partition.FirstHalf, CouplingNet.Mlp, ScaleFunction.Sigmoid, AffineForm.ShiftThenScale, 0),
        ["AffineCoupling Sigmoid floored"] = size => CouplingCase.Affine(size, Partition.SecondHalf, CouplingNet.Mlp, ScaleFunction.Sigmoid, AffineForm.ScaleThenShift, 1e-3),
        ["AffineCoupling Sigmoid floored shifted first"] = size => CouplingCase.Affine(size, Partition.EvenIndices, CouplingNet.Mlp, ScaleFunction.Sigmoid, AffineForm.ShiftThenScale, 1e-3),
    };

    /// <summary>Every layer in every size that it can have.</summary>
    public static TheoryData<string, int> All
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string name in Makers.Keys)
            {
                foreach (int size in Sizes)
                {
                    // Every parameter is moved: a Mint layer has too many of them where it is large.
                    if ((size > 1 || !IsCoupling(name)) && (size <= MostOf(name)))
                    {
                        data.Add(name, size);
                    }
                }
            }

            return data;
        }
    }

    private static int MostOf(string name) => name switch
    {
        "MintLayer Upper Elu" or "MintLayer Upper Tanh" => 17,
        "Sum Lower" => 17,
        _ when name.StartsWith("Mint", StringComparison.Ordinal) => 7,
        _ => int.MaxValue,
    };

    /// <summary>The couplings among them.</summary>
    public static TheoryData<string, int> Couplings
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (string name in Makers.Keys.Where(IsCoupling))
            {
                foreach (int size in Sizes.Where(static size => size > 1))
                {
                    data.Add(name, size);
                }
            }

            return data;
        }
    }

    public static LayerCase Create(string name, int size) => Makers[name](size);

    private static bool IsCoupling(string name) => name.Contains("Coupling", StringComparison.Ordinal);

    public static int Pad(int count) => (count + 15) & ~15;

    private static void Moments(Span<float> buffers, int size, System.Random random)
    {
        for (int i = 0; i < size; i++)
        {
            buffers[i] = random.NextSingle() - 0.5f;
            buffers[size + i] = 0.2f + random.NextSingle();
        }
    }

    private static LayerCase Permutation(LayerDescription layer)
    {
        int size = layer.Size;
        return new LayerCase(layer, Permute.PreparedSize(size), size)
        {
            Prepare = (ref Preparation p) => Permute.Prepare(ref p, 1, size, W),
            Forward = (ref Tile t) => Permute.Forward(ref t, size, W),
            Inverse = (ref Tile t) => Permute.Inverse(ref t, size, W),
            Backward = (ref Tile t) => Permute.Backward(ref t, size, W),
        };
    }

    private static LayerCase Elementwise(int size, Activation activation) => new(new ElementwiseLayer(size, activation, LayerCase.Certificate), 0, 0)
    {
        Forward = (ref Tile t) => FlowGen.Kernels.Elementwise.Forward(ref t, size, activation),
        Inverse = (ref Tile t) => FlowGen.Kernels.Elementwise.Inverse(ref t, size, activation),
        Backward = (ref Tile t) => FlowGen.Kernels.Elementwise.Backward(ref t, size, activation),
    };

    private static LayerCase Logit(int size, double alpha) => new(new LogitLayer(size, alpha, LayerCase.Certificate), 0, 0)
    {
        Forward = (ref Tile t) => FlowGen.Kernels.Logit.Forward(ref t, size, (float)alpha),
        Inverse = (ref Tile t) => FlowGen.Kernels.Logit.Inverse(ref t, size, (float)alpha),
        Backward = (ref Tile t) => FlowGen.Kernels.Logit.Backward(ref t, size, (float)alpha),
        Draw = static random => 0.01f + (0.98f * random.NextSingle()),
    };

    private static LayerCase Dequantize(int size, int bins) => new(new DequantizeLayer(size, bins, LayerCase.Certificate), 0, 0)
    {
        Forward = (ref Tile t) => FlowGen.Kernels.Dequantize.Forward(ref t, size, bins),
        Inverse = (ref Tile t) => FlowGen.Kernels.Dequantize.Inverse(ref t, size, bins),
        Backward = (ref Tile t) => FlowGen.Kernels.Dequantize.Backward(ref t, size, bins),
        Draw = random => bins * random.NextSingle(),
    };
}
