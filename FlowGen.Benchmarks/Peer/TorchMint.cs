using FlowGen.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowGen.Benchmarks.Peer;

/// <summary>
/// A MintNet on images in TorchSharp: masked convolutions as dense ones with zeros. With care, the products of paths with paths are a convolution in groups, derivatives come
/// from the values of the ELU, and weights are put together only when they changed; as published with the paper (ermongroup/mintnet), the products are a broadcast over paths and
/// paths that is added up, and derivatives are chosen from an exponential. Samples take its hundred steps of x - (f(x) - z) / d.
/// </summary>
internal sealed class TorchMint : TorchPeer
{
    private const int Iterations = 100;

    private readonly bool asPublished;
    private readonly EventShape shape;
    private readonly List<Block> blocks = [];

    public TorchMint(IFlow flow, bool asPublished)
        : base(flow)
    {
        this.asPublished = asPublished;
        shape = flow.Engine.Description.EventShape;
        foreach (LayerDescription layer in flow.Engine.Description.Layers)
        {
            blocks.Add(layer is MintLayer { Activation: Activation.Elu } mint && layer.Input == shape
                ? new Block(mint, Tensors[layer.Index])
                : throw new NotSupportedException($"There is no {layer.Declaration} for TorchSharp here."));
        }
    }

    public override void Dispose()
    {
        blocks.ForEach(static block => block.Dispose());
        base.Dispose();
    }

    protected override Tensor Density(Tensor x)
    {
        Tensor? logDet = null;
        foreach (Block block in blocks)
        {
            block.Update();
            (x, Tensor diagonal) = block.Evaluate(x, asPublished);
            Tensor own = diagonal.log().sum([1, 2, 3]);
            logDet = logDet is null ? own : logDet + own;
        }

        return (x.square().sum([1, 2, 3]) * -0.5) - (0.5 * shape.Size * Math.Log(2 * Math.PI)) + logDet!;
    }

    protected override Tensor Draw(int batch)
    {
        Tensor z = randn(batch, shape.Channels, shape.Height, shape.Width);
        foreach (Block block in Enumerable.Reverse(blocks))
        {
            block.Update();
            Tensor x = z;
            for (int i = 0; i < Iterations; i++)
            {
                using var scope = NewDisposeScope();
                (Tensor value, Tensor diagonal) = block.Evaluate(x, asPublished);
                x = (x - ((value - z) / diagonal)).MoveToOuterDisposeScope();
            }

            z = x;
        }

        return z;
    }

    private sealed class Block : IDisposable
    {
        private readonly IReadOnlyDictionary<string, Parameter> tensors;
        private readonly int channels;
        private readonly int paths;
        private readonly Tensor mask1, mask2, mask3, centre2;
        private Tensor? weight1, weight2, weight3, products, outer;

        public Block(MintLayer layer, IReadOnlyDictionary<string, Parameter> tensors)
        {
            this.tensors = tensors;
            channels = layer.Channels;
            paths = layer.Paths;
            mask1 = Mask(layer, 1, paths);
            mask2 = Mask(layer, paths, paths);
            mask3 = Mask(layer, paths, 1);
            centre2 = zeros(channels * paths, channels * paths, layer.Kernel, layer.Kernel);
            for (int channel = 0; channel < channels; channel++)
            {
                _ = centre2.slice(0, channel * paths, (channel + 1) * paths, 1).slice(1, channel * paths, (channel + 1) * paths, 1)
                    .select(2, layer.Kernel / 2).select(2, layer.Kernel / 2).fill_(1);
            }
        }

        /// <summary>Puts the weights together: always where there is a gradient, else once.</summary>
        public void Update()
        {
            if (!is_grad_enabled() && weight1 is not null && !weight1.requires_grad)
            {
                return;
            }

            Forget();
            long middle = mask1.size(2) / 2;
            weight1 = zeros_like(mask1, ScalarType.Float32).masked_scatter(mask1, tensors["weight1"]);
            weight3 = zeros_like(mask3, ScalarType.Float32).masked_scatter(mask3, tensors["weight3"]);
            Tensor raw = zeros_like(mask2, ScalarType.Float32).masked_scatter(mask2, tensors["weight2"]);
            Tensor first = Own(weight1.select(3, middle).select(2, middle));
            Tensor third = Own(weight3.select(3, middle).select(2, middle).t());
            Tensor signed = third.sign().unsqueeze(1) * first.sign().unsqueeze(0);
            weight2 = (raw * (1 - centre2)) + (centre2 * raw.abs() * signed.unsqueeze(-1).unsqueeze(-1));
            Tensor square = weight2.select(3, middle).select(2, middle) * first.unsqueeze(0);
            products = cat([.. Enumerable.Range(0, channels).Select(channel =>
                square.slice(0, channel * paths, (channel + 1) * paths, 1).slice(1, channel * paths, (channel + 1) * paths, 1))]).unsqueeze(-1).unsqueeze(-1);
            outer = third;
            if (!is_grad_enabled())
            {
                weight1 = weight1.DetachFromDisposeScope();
                weight2 = weight2.DetachFromDisposeScope();
                weight3 = weight3.DetachFromDisposeScope();
                products = products.DetachFromDisposeScope();
                outer = outer.DetachFromDisposeScope();
            }

            // Of [channels * paths, channels], what each hidden channel has with its own channel.
            Tensor Own(Tensor matrix) => cat([.. Enumerable.Range(0, channels).Select(channel => matrix.slice(0, channel * paths, (channel + 1) * paths, 1).select(1, channel))]);
        }

        public (Tensor Value, Tensor Diagonal) Evaluate(Tensor x, bool asPublished)
        {
            Tensor t = tensors["t"].abs().clamp_min(1e-12);
            Tensor u = nn.functional.conv2d(x, weight1!, tensors["bias1"], padding: [1, 1]);
            Tensor a = nn.functional.elu(u, 1);
            Tensor v = nn.functional.conv2d(a, weight2!, tensors["bias2"], padding: [1, 1]);
            Tensor c = nn.functional.elu(v, 1);
            Tensor y = nn.functional.conv2d(c, weight3!, tensors["bias3"], padding: [1, 1]) + (t * x);
            long batch = x.size(0);
            long height = x.size(2);
            long width = x.size(3);
            if (!asPublished)
            {
                Tensor inner = nn.functional.conv2d(a.clamp_max(0) + 1, products!, groups: channels);
                Tensor own = (c.clamp_max(0) + 1) * inner * outer!.view(1, -1, 1, 1);
                return (y, own.view(batch, channels, paths, height, width).sum(2) + t);
            }

            Tensor slope1 = where(u > 0, ones_like(u), u.exp()).view(batch, channels, 1, paths, height, width);
            Tensor slope2 = where(v > 0, ones_like(v), v.exp()).view(batch, channels, paths, height, width);
            Tensor sums = (slope1 * products!.view(1, channels, paths, paths, 1, 1)).sum(3);
            return (y, (slope2 * sums * outer!.view(1, channels, paths, 1, 1)).sum(2) + t);
        }

        public void Dispose()
        {
            Forget();
            foreach (Tensor tensor in (Tensor[])[mask1, mask2, mask3, centre2])
            {
                tensor.Dispose();
            }
        }

        private void Forget()
        {
            foreach (Tensor? tensor in (Tensor?[])[weight1, weight2, weight3, products, outer])
            {
                tensor?.Dispose();
            }

            weight1 = weight2 = weight3 = products = outer = null;
        }

        private static Tensor Mask(MintLayer layer, int inputs, int outputs)
        {
            var kept = new TriangularMask(layer.Channels, layer.Kernel, layer.Triangle, layer.Order, inputs, outputs);
            int kernel = layer.Kernel;
            int columns = layer.Channels * inputs;
            bool[] mask = new bool[layer.Channels * outputs * columns * kernel * kernel];
            for (int i = 0; i < mask.Length; i++)
            {
                (int rest, int column) = Math.DivRem(i, kernel);
                (rest, int row) = Math.DivRem(rest, kernel);
                (int output, int input) = Math.DivRem(rest, columns);
                mask[i] = kept.Index(output / outputs, output % outputs, input / inputs, input % inputs, row - (kernel / 2), column - (kernel / 2)) >= 0;
            }

            return tensor(mask, [layer.Channels * outputs, columns, kernel, kernel]);
        }
    }
}
