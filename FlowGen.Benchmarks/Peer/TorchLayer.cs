using FlowGen.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlowGen.Benchmarks.Peer;

/// <summary>One layer on the even and the odd coordinates.</summary>
internal abstract class TorchLayer
{
    public static TorchLayer Of(LayerDescription layer, IReadOnlyDictionary<string, Parameter> tensors) => layer switch
    {
        AffineCouplingLayer { Scale: ScaleFunction.TanhBounded, Form: AffineForm.ScaleThenShift } affine => new TorchAffine(affine, tensors),
        AdditiveCouplingLayer additive => new TorchAdditive(additive, tensors),
        RescaleLayer => new TorchRescale(tensors["log_scale"]),
        _ => throw new NotSupportedException($"There is no {layer.Declaration} for TorchSharp here."),
    };

    /// <summary>Data to latent; returns the log-determinant of each sample, or null where it is zero.</summary>
    public abstract Tensor? Forward(ref Tensor even, ref Tensor odd);

    /// <summary>Latent to data.</summary>
    public abstract void Inverse(ref Tensor even, ref Tensor odd);

    private sealed class TorchAffine(AffineCouplingLayer layer, IReadOnlyDictionary<string, Parameter> tensors) : TorchLayer
    {
        private readonly bool changesOdd = ChangesOdd(layer.Changes);
        private readonly TorchMlp net = new(tensors, layer.Declaration);
        private readonly Parameter scale = tensors["scale"];

        public override Tensor Forward(ref Tensor even, ref Tensor odd)
        {
            (Tensor shift, Tensor logScale) = Coefficients(changesOdd ? even : odd);
            ref Tensor changed = ref changesOdd ? ref odd : ref even;
            changed = addcmul(shift, changed, logScale.exp(), 1);
            return logScale.sum(1);
        }

        public override void Inverse(ref Tensor even, ref Tensor odd)
        {
            (Tensor shift, Tensor logScale) = Coefficients(changesOdd ? even : odd);
            ref Tensor changed = ref changesOdd ? ref odd : ref even;
            changed = (changed - shift).mul_(logScale.neg().exp_());
        }

        private (Tensor Shift, Tensor LogScale) Coefficients(Tensor conditioning)
        {
            Tensor[] halves = net.Evaluate(conditioning).chunk(2, 1);
            return (halves[0], halves[1].tanh() * scale);
        }
    }

    private sealed class TorchAdditive(AdditiveCouplingLayer layer, IReadOnlyDictionary<string, Parameter> tensors) : TorchLayer
    {
        private readonly bool changesOdd = ChangesOdd(layer.Changes);
        private readonly TorchMlp net = new(tensors, layer.Declaration);

        public override Tensor? Forward(ref Tensor even, ref Tensor odd)
        {
            ref Tensor changed = ref changesOdd ? ref odd : ref even;
            changed += net.Evaluate(changesOdd ? even : odd);
            return null;
        }

        public override void Inverse(ref Tensor even, ref Tensor odd)
        {
            ref Tensor changed = ref changesOdd ? ref odd : ref even;
            changed -= net.Evaluate(changesOdd ? even : odd);
        }
    }

    private sealed class TorchRescale(Parameter logScale) : TorchLayer
    {
        private readonly long size = logScale.numel();

        public override Tensor Forward(ref Tensor even, ref Tensor odd)
        {
            even *= logScale.slice(0, 0, size, 2).exp();
            odd *= logScale.slice(0, 1, size, 2).exp();
            return logScale.sum();
        }

        public override void Inverse(ref Tensor even, ref Tensor odd)
        {
            even *= logScale.slice(0, 0, size, 2).neg().exp_();
            odd *= logScale.slice(0, 1, size, 2).neg().exp_();
        }
    }

    private static bool ChangesOdd(Partition changes) => changes switch
    {
        Partition.OddIndices => true,
        Partition.EvenIndices => false,
        _ => throw new NotSupportedException($"There is no coupling of {changes} for TorchSharp here."),
    };
}
