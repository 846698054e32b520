using FlowGen.Kernels;
using FlowGen.Layers;

namespace FlowGen.Tests.Layers;

/// <summary>Couplings with their conditioners: tanh with two hidden layers, or SiLU in residual form.</summary>
internal static class CouplingCase
{
    private const int W = LayerCase.Weights;

    private static readonly int[] Hidden = [5, 4];
    private static readonly int[] ResidualHidden = [5, 5];

    public static LayerCase Additive(int size, Partition changes, CouplingNet net)
    {
        var (changed, conditioning) = Split(size, changes);
        var chain = new Conditioner(size, conditioning, changed.Count, net);
        var layer = new AdditiveCouplingLayer(EventShape.Vector(size), changes, chain.Widths, chain.Activation, net, LayerCase.Certificate);
        return new LayerCase(layer, chain.PreparedFloats, chain.Rows)
        {
            Prepare = chain.Prepare,
            Forward = (ref Tile t) =>
            {
                chain.Forward(ref t);
                AdditiveCoupling.Forward(ref t, changed, chain.Output);
            },
            Inverse = (ref Tile t) =>
            {
                chain.Forward(ref t);
                AdditiveCoupling.Inverse(ref t, changed, chain.Output);
            },
            Backward = (ref Tile t) =>
            {
                AdditiveCoupling.Backward(ref t, changed, chain.Output);
                chain.Backward(ref t);
            },
        };
    }

    public static LayerCase Affine(int size, Partition changes, CouplingNet net, ScaleFunction scale, AffineForm form, double floor)
    {
        var (changed, conditioning) = Split(size, changes);
        var chain = new Conditioner(size, conditioning, 2 * changed.Count, net);
        int a = chain.EndOfParameters;
        int weights = W + chain.PreparedFloats;
        var layer = new AffineCouplingLayer(
            EventShape.Vector(size), changes, chain.Widths, chain.Activation, net, scale, form, floor, LayerCase.Certificate);
        return new LayerCase(layer, chain.PreparedFloats + AffineCoupling.PreparedSize, chain.Rows)
        {
            Prepare = (ref Preparation p) =>
            {
                chain.Prepare(ref p);
                if (scale == ScaleFunction.TanhBounded)
                {
                    AffineCoupling.Prepare(ref p, a, weights);
                }
            },
            Forward = (ref Tile t) =>
            {
                chain.Forward(ref t);
                AffineCoupling.Forward(ref t, changed, chain.Output, scale, form, (float)floor, weights);
            },
            Inverse = (ref Tile t) =>
            {
                chain.Forward(ref t);
                AffineCoupling.Inverse(ref t, changed, chain.Output, scale, form, (float)floor, weights);
            },
            Backward = (ref Tile t) =>
            {
                AffineCoupling.Backward(ref t, changed, chain.Output, scale, form, (float)floor, weights, a);
                chain.Backward(ref t);
            },
        };
    }

    private static (Rows Changed, Rows Conditioning) Split(int size, Partition changes)
    {
        int larger = (size + 1) / 2;
        var even = Rows.State(0, 2, larger);
        var odd = Rows.State(1, 2, size / 2);
        var first = Rows.State(0, 1, larger);
        var second = Rows.State(larger, 1, size / 2);
        return changes switch
        {
            Partition.EvenIndices => (even, odd),
            Partition.OddIndices => (odd, even),
            Partition.FirstHalf => (first, second),
            _ => (second, first),
        };
    }

    private sealed class Conditioner(int size, Rows input, int outputs, CouplingNet net)
    {
        private readonly bool residual = net == CouplingNet.ResidualMlp;

        public int[] Widths => residual ? ResidualHidden : Hidden;

        public Activation Activation => residual ? Activation.Silu : Activation.Tanh;

        public int Output => 80;

        public int Rows => Output + LayerCases.Pad(outputs);

        public int PreparedFloats => Weights(3) - W;

        public int EndOfParameters => Parameters(3);

        public void Prepare(ref Preparation p)
        {
            for (int k = 0; k < 3; k++)
            {
                Dense.Prepare(ref p, Parameters(k), In(k), Out(k), Weights(k));
            }
        }

        // Rows of the residual form: h1 at 0, made from 16; the branch at 32, made from 48; their sum at 64.
        public void Forward(ref Tile t)
        {
            if (!residual)
            {
                Dense.Forward(ref t, input, Weights(0), Out(0), 0, Parameters(0), Activation);
                Dense.Forward(ref t, FlowGen.Kernels.Rows.Work(0, In(1)), Weights(1), Out(1), 64, Parameters(1), Activation);
            }
            else
            {
                Dense.Forward(ref t, input, Weights(0), Out(0), 0, Parameters(0), Activation, 16);
                Dense.Forward(ref t, FlowGen.Kernels.Rows.Work(0, In(1)), Weights(1), Out(1), 32, Parameters(1), Activation, 48);
                Residual.Forward(ref t, 0, 32, 64, Out(1));
            }

            Dense.Forward(ref t, FlowGen.Kernels.Rows.Work(64, In(2)), Weights(2), Out(2), Output, Parameters(2), Activation.Identity);
        }

        public void Backward(ref Tile t)
        {
            if (!residual)
            {
                Dense.Backward(ref t, FlowGen.Kernels.Rows.Work(64, In(2)), Weights(2), Out(2), Output, Parameters(2), Activation);
                Dense.Backward(ref t, FlowGen.Kernels.Rows.Work(0, In(1)), Weights(1), Out(1), 64, Parameters(1), Activation);
            }
            else
            {
                Dense.Backward(ref t, FlowGen.Kernels.Rows.Work(64, In(2)), Weights(2), Out(2), Output, Parameters(2));
                Residual.Backward(ref t, 0, 32, 64, Out(1), Activation, 48);
                Dense.Backward(ref t, FlowGen.Kernels.Rows.Work(0, In(1)), Weights(1), Out(1), 32, Parameters(1), accumulate: true);
                Activations.Backward(ref t, 0, Out(0), Activation, 16);
            }

            Dense.Backward(ref t, input, Weights(0), Out(0), 0, Parameters(0));
        }

        private int In(int k) => k == 0 ? input.Count : Widths[k - 1];

        private int Out(int k) => k == 2 ? outputs : Widths[k];

        private int Weights(int k) => k == 0 ? W : Weights(k - 1) + Dense.PreparedSize(In(k - 1), Out(k - 1));

        private int Parameters(int k) => k == 0 ? 2 * size : Parameters(k - 1) + (Out(k - 1) * (In(k - 1) + 1));
    }
}
