using FlowGen.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowGen.Benchmarks.Peer;

/// <summary>
/// A flow on images of one level as one would write it in TorchSharp with some care: the matrices of 1x1 convolutions are put together only when they
/// changed, their inverses too, intermediate results are freed at once, and activations work in place.
/// </summary>
internal sealed class TorchGlow : TorchPeer
{
    private readonly IReadOnlyList<LayerDescription> layers;
    private readonly EventShape shape;
    private readonly Dictionary<int, (Tensor Matrix, Tensor Inverse)> matrices = [];
    private readonly List<Tensor> constants = [];
    private readonly Dictionary<int, (Tensor Below, Tensor Above, Tensor Permutation)> triangles = [];

    public TorchGlow(IFlow flow)
        : base(flow)
    {
        layers = flow.Engine.Description.Layers;
        shape = flow.Engine.Description.EventShape;
        foreach (LayerDescription layer in layers)
        {
            if (layer is Invertible1x1ConvLayer)
            {
                long size = Tensors[layer.Index]["log_diagonal"].numel();
                Tensor below = ones(size, size).tril(-1).to_type(ScalarType.Bool);
                Tensor above = ones(size, size).triu(1).to_type(ScalarType.Bool);
                triangles.Add(layer.Index, (below, above, Tensors[layer.Index]["permutation"].detach().to_type(ScalarType.Int64)));
                constants.AddRange([below, above]);
            }
            else if (layer is AffineCouplingLayer affine
                && (affine.Scale != ScaleFunction.TanhBounded || affine.Form != AffineForm.ScaleThenShift || !layer.Declaration.Contains("Net = Conv", StringComparison.Ordinal)))
            {
                throw new NotSupportedException($"There is no {layer.Declaration} for TorchSharp here.");
            }
        }
    }

    public override void Dispose()
    {
        Forget();
        constants.ForEach(static constant => constant.Dispose());
        base.Dispose();
    }

    protected override Tensor Density(Tensor x)
    {
        if (is_grad_enabled())
        {
            Forget();
        }

        Tensor? logDet = null;
        long pixels = shape.Pixels;
        foreach (LayerDescription layer in layers)
        {
            Dictionary<string, Parameter> tensors = Tensors[layer.Index];
            switch (layer)
            {
                case SqueezeLayer:
                    x = nn.functional.pixel_unshuffle(x, 2);
                    pixels /= 4;
                    break;
                case ActNormLayer:
                    x = (x + tensors["bias"].view(1, -1, 1, 1)) * tensors["log_scale"].exp().view(1, -1, 1, 1);
                    logDet = Add(logDet, tensors["log_scale"].sum() * pixels);
                    break;
                case Invertible1x1ConvLayer:
                    Tensor matrix = is_grad_enabled() ? Matrix(layer.Index) : Matrices(layer.Index).Matrix;
                    x = nn.functional.conv2d(x, matrix.unsqueeze(-1).unsqueeze(-1));
                    logDet = Add(logDet, tensors["log_diagonal"].sum() * pixels);
                    break;
                case AffineCouplingLayer affine:
                    (Tensor conditioning, Tensor changed) = Halves(x, affine);
                    (Tensor shift, Tensor logScale) = Coefficients(conditioning, tensors);
                    x = Join(conditioning, addcmul(shift, changed, logScale.exp(), 1), affine);
                    logDet = Add(logDet, logScale.sum([1, 2, 3]));
                    break;
                default:
                    throw new NotSupportedException($"There is no {layer.Declaration} for TorchSharp here.");
            }
        }

        return (x.square().sum([1, 2, 3]) * -0.5) - (0.5 * shape.Size * Math.Log(2 * Math.PI)) + logDet!;

        static Tensor Add(Tensor? sum, Tensor more) => sum is null ? more : sum + more;
    }

    protected override Tensor Draw(int batch)
    {
        int squeezes = layers.Count(static layer => layer is SqueezeLayer);
        Tensor x = randn(batch, shape.Channels << (2 * squeezes), shape.Height >> squeezes, shape.Width >> squeezes);
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            Dictionary<string, Parameter> tensors = Tensors[i];
            switch (layers[i])
            {
                case SqueezeLayer:
                    x = nn.functional.pixel_shuffle(x, 2);
                    break;
                case ActNormLayer:
                    x = x.mul_(tensors["log_scale"].neg().exp_().view(1, -1, 1, 1)).sub_(tensors["bias"].view(1, -1, 1, 1));
                    break;
                case Invertible1x1ConvLayer:
                    x = nn.functional.conv2d(x, Matrices(i).Inverse.unsqueeze(-1).unsqueeze(-1));
                    break;
                case AffineCouplingLayer affine:
                    (Tensor conditioning, Tensor changed) = Halves(x, affine);
                    (Tensor shift, Tensor logScale) = Coefficients(conditioning, tensors);
                    x = Join(conditioning, (changed - shift).mul_(logScale.neg().exp_()), affine);
                    break;
            }
        }

        return x;
    }

    private static (Tensor Conditioning, Tensor Changed) Halves(Tensor x, AffineCouplingLayer layer)
    {
        Tensor[] halves = x.chunk(2, 1);
        return layer.Changes switch
        {
            Partition.SecondHalf => (halves[0], halves[1]),
            Partition.FirstHalf => (halves[1], halves[0]),
            _ => throw new NotSupportedException($"There is no {layer.Declaration} for TorchSharp here."),
        };
    }

    private static Tensor Join(Tensor conditioning, Tensor changed, AffineCouplingLayer layer) =>
        layer.Changes == Partition.SecondHalf ? cat([conditioning, changed], 1) : cat([changed, conditioning], 1);

    private static (Tensor Shift, Tensor LogScale) Coefficients(Tensor x, Dictionary<string, Parameter> tensors)
    {
        int last = 0;
        while (tensors.ContainsKey($"net.{last + 1}.weight"))
        {
            last++;
        }

        for (int k = 0; k <= last; k++)
        {
            Parameter weight = tensors[$"net.{k}.weight"];
            x = nn.functional.conv2d(x, weight, tensors[$"net.{k}.bias"], padding: [weight.shape[2] / 2, weight.shape[3] / 2]);
            x = k < last ? x.relu_() : x * (tensors[$"net.{k}.log_scale"] * 3).exp().view(1, -1, 1, 1);
        }

        Tensor[] halves = x.chunk(2, 1);
        return (halves[0], halves[1].tanh() * tensors["scale"]);
    }

    private void Forget()
    {
        foreach ((Tensor matrix, Tensor inverse) in matrices.Values)
        {
            matrix.Dispose();
            inverse.Dispose();
        }

        matrices.Clear();
    }

    private (Tensor Matrix, Tensor Inverse) Matrices(int layer)
    {
        if (!matrices.TryGetValue(layer, out (Tensor Matrix, Tensor Inverse) both))
        {
            Tensor matrix = Matrix(layer);
            both = (matrix.DetachFromDisposeScope(), linalg.inv(matrix).DetachFromDisposeScope());
            matrices.Add(layer, both);
        }

        return both;
    }

    // W = P L U: row i of W is row permutation[i] of L U.
    private Tensor Matrix(int layer)
    {
        Dictionary<string, Parameter> tensors = Tensors[layer];
        (Tensor below, Tensor above, Tensor permutation) = triangles[layer];
        Tensor zero = zeros_like(below, dtype: ScalarType.Float32);
        Tensor lower = zero.masked_scatter(below, tensors["lower"]) + eye(zero.size(0));
        Tensor upper = zero.masked_scatter(above, tensors["upper"]) + (tensors["log_diagonal"].exp() * tensors["sign"]).diag();
        return lower.matmul(upper).index_select(0, permutation);
    }
}
