using FlowGen.Kernels;
using FlowGen.Layers;

namespace FlowGen.Tests.Layers;

/// <summary>A sum of a masked convolution between two functions, and of a Mint layer behind two diagonal ones, of any size: the calls that the generator would emit.</summary>
internal static class SumCase
{
    private const int W = LayerCase.Weights;
    private const int Paths = 2;
    private const float First = 0.75f;
    private const float Second = 0.25f;

    public static LayerCase Create(int size) => size switch
    {
        1 => Create<One>(),
        2 => Create<Two>(),
        3 => Create<Three>(),
        5 => Create<Five>(),
        7 => Create<Seven>(),
        16 => Create<Sixteen>(),
        _ => Create<Seventeen>(),
    };

    private static LayerCase Create<TSize>()
        where TSize : struct, ISize
    {
        int size = TSize.Value;
        var certificate = LayerCase.Certificate;
        var layer = new SumLayer(
            size, Triangle.Lower, TriangularOrder.ChannelMajor,
            First,
            [
                new ElementwiseLayer(size, Activation.Softplus, certificate),
                new MaskedConvLayer(size, 1, 1, Triangle.Lower, 1, TriangularOrder.ChannelMajor, certificate),
                new ElementwiseLayer(size, Activation.Elu, certificate),
            ],
            Second,
            [
                new RescaleLayer(size, certificate),
                new SinhArcsinhLayer(size, certificate),
                new MintLayer(size, 1, 1, Triangle.Lower, Paths, 1, Activation.Tanh, TriangularOrder.ChannelMajor, certificate),
            ],
            certificate);
        int own = Modules<TSize>.OfMint + FlowGen.Kernels.Mint.PreparedSize(size, Paths);
        int parameters = Modules<TSize>.MintParameters + FlowGen.Kernels.Mint.ParameterCount(size, Paths);
        int sums = (2 * size) + parameters;

        // Five blocks of its own, then an input and a record for each layer.
        int rows = 11 * LayerCases.Pad(size);
        rows += LayerCases.Pad(size) + LayerCases.Pad(FlowGen.Kernels.Mint.WorkRows(size, Paths));
        return new LayerCase(layer, own, rows, Modules<TSize>.MintSums + (size * Paths * Paths))
        {
            Disturbance = 0.5f / MathF.Sqrt(size),
            Prepare = (ref Preparation p) =>
            {
                FlowGen.Kernels.MaskedConv.Prepare(ref p, 2 * size, -1, size, Triangle.Lower, W);
                Rescale.Prepare(ref p, (2 * size) + Modules<TSize>.RescaleParameters, size, W + Modules<TSize>.OfRescale);
                SinhArcsinh.Prepare(ref p, (2 * size) + Modules<TSize>.SinhParameters, size, W + Modules<TSize>.OfSinh);
                FlowGen.Kernels.Mint.Prepare(ref p, (2 * size) + Modules<TSize>.MintParameters, size, Paths, Triangle.Lower, W + Modules<TSize>.OfMint);
            },
            Forward = (ref Tile t) => Sum.Forward<Modules<TSize>>(ref t, size, First, Second, W),
            Inverse = (ref Tile t) => Sum.Inverse<Modules<TSize>>(ref t, size, Triangle.Lower, TriangularOrder.ChannelMajor, First, Second, W),
            Backward = (ref Tile t) => Sum.Backward<Modules<TSize>>(ref t, size, First, Second, W, 2 * size, sums),
            Finish = (ref GradientSums s) =>
            {
                FlowGen.Kernels.MaskedConv.Finish(ref s, 2 * size, -1, size, Triangle.Lower, sums);
                FlowGen.Kernels.Mint.Finish(ref s, (2 * size) + Modules<TSize>.MintParameters, size, Paths, Triangle.Lower, sums + Modules<TSize>.MintSums);
            },
        };
    }

    private interface ISize
    {
        static abstract int Value { get; }
    }

    private readonly struct One : ISize
    {
        public static int Value => 1;
    }

    private readonly struct Two : ISize
    {
        public static int Value => 2;
    }

    private readonly struct Three : ISize
    {
        public static int Value => 3;
    }

    private readonly struct Five : ISize
    {
        public static int Value => 5;
    }

    private readonly struct Seven : ISize
    {
        public static int Value => 7;
    }

    private readonly struct Sixteen : ISize
    {
        public static int Value => 16;
    }

    private readonly struct Seventeen : ISize
    {
        public static int Value => 17;
    }

    private readonly struct Modules<TSize> : ISum
        where TSize : struct, ISize
    {
        private static int Kept => TSize.Value * (TSize.Value + 1) / 2;

        public static int RescaleParameters => Kept + TSize.Value;

        public static int SinhParameters => RescaleParameters + TSize.Value;

        public static int MintParameters => SinhParameters + (2 * TSize.Value);

        public static int OfRescale => FlowGen.Kernels.MaskedConv.PreparedSize(TSize.Value);

        public static int OfSinh => OfRescale + Rescale.PreparedSize(TSize.Value);

        public static int OfMint => OfSinh + SinhArcsinh.PreparedSize(TSize.Value);

        public static int MintSums => Kept + 1;

        public static int Layers => 6;

        public static int First => 3;

        public static int Record(int layer) => layer switch
        {
            1 => LayerCases.Pad(TSize.Value),
            5 => LayerCases.Pad(FlowGen.Kernels.Mint.WorkRows(TSize.Value, Paths)),
            _ => 0,
        };

        public static void Forward(ref Tile tile, int layer, int weights)
        {
            switch (layer)
            {
                case 0: Elementwise.Forward(ref tile, TSize.Value, Activation.Softplus); break;
                case 1: FlowGen.Kernels.MaskedConv.Forward(ref tile, TSize.Value, Triangle.Lower, weights); break;
                case 2: Elementwise.Forward(ref tile, TSize.Value, Activation.Elu); break;
                case 3: Rescale.Forward(ref tile, TSize.Value, weights + OfRescale); break;
                case 4: SinhArcsinh.Forward(ref tile, TSize.Value, weights + OfSinh); break;
                default: FlowGen.Kernels.Mint.Forward(ref tile, TSize.Value, Paths, Triangle.Lower, Activation.Tanh, weights + OfMint); break;
            }
        }

        public static void Backward(ref Tile tile, int layer, int weights, int parameters, int accumulators)
        {
            switch (layer)
            {
                case 0: Elementwise.Backward(ref tile, TSize.Value, Activation.Softplus); break;
                case 1: FlowGen.Kernels.MaskedConv.Backward(ref tile, TSize.Value, Triangle.Lower, weights, parameters, accumulators); break;
                case 2: Elementwise.Backward(ref tile, TSize.Value, Activation.Elu); break;
                case 3: Rescale.Backward(ref tile, TSize.Value, weights + OfRescale, parameters + RescaleParameters); break;
                case 4: SinhArcsinh.Backward(ref tile, TSize.Value, weights + OfSinh, parameters + SinhParameters); break;
                default:
                    FlowGen.Kernels.Mint.Backward(
                        ref tile, TSize.Value, Paths, Triangle.Lower, Activation.Tanh, weights + OfMint, parameters + MintParameters, accumulators + MintSums);
                    break;
            }
        }
    }
}
