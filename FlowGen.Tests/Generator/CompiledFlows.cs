namespace FlowGen.Tests.Generator;

// Flows that the generator completes while this project is built; together they have every layer and every option.
[Flow(5)]
[Standardize, ActNorm]
[AffineCoupling(12, 7, Activation = Activation.Silu)]
[InvertibleLinear]
[AffineCoupling(9, 9, 9, Net = CouplingNet.ResidualMlp, Activation = Activation.Gelu, Scale = ScaleFunction.Sigmoid, ScaleFloor = 0.01)]
[Permute(4, 2, 0, 1, 3)]
[AffineCoupling(Form = AffineForm.ShiftThenScale)]
[Shuffle(3, Times = 3)]
[BatchNorm(Epsilon = 1e-3)]
[InvertibleLinear(Times = 2)]
[AdditiveCoupling(6, Activation = Activation.Tanh, Transforms = Partition.FirstHalf)]
[AdditiveCoupling(6, 6, Net = CouplingNet.ResidualMlp, Activation = Activation.Elu)]
[Reverse, Rescale]
internal sealed partial class EveryLayer;

[Flow(3)]
[AffineCoupling(Scale = ScaleFunction.Exp, Transforms = Partition.SecondHalf)]
[InvertibleLinear]
[Elementwise(Activation.LeakyRelu)]
internal sealed partial class Unbounded;

[FlowStep]
[ActNorm, Shuffle(7), AffineCoupling(16, 16)]
internal sealed partial class VectorStep;

[FlowStep]
[Repeat<VectorStep>(2), Reverse]
internal sealed partial class DoubleStep;

[Flow(4, Prior = Prior.StandardLogistic)]
[Dequantize(Bins = 16), Logit(0.05)]
[Repeat<DoubleStep>(3), Rescale]
internal sealed partial class Nested;

[Flow(3)]
[AdditiveCoupling(8, 24, 8, Times = 4), Rescale]
internal sealed partial class Nice;

#pragma warning disable FLOW2024 // The range is wide enough for what is tested.
[Flow(1)]
[ActNorm, Elementwise(Activation.Sigmoid), Logit]
#pragma warning restore FLOW2024
internal sealed partial class OneDimension;

internal static partial class Outer<T>
    where T : class
{
    internal partial record struct @struct
    {
        [Flow(2)]
        [AffineCoupling(4, Times = 3)]
        [Rescale]
        internal partial class @class<TKey> : List<TKey>
        {
            public @class(string text)
                : this((ulong)text.Length)
            {
            }
        }
    }
}
