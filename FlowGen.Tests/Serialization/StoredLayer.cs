using FlowGen.Verification;

namespace FlowGen.Tests.Serialization;

/// <summary>A layer that has tensors and computes nothing: what a parameter file sees of a layer.</summary>
internal sealed class StoredLayer(string declaration, params (string Name, TensorElement Element, bool Trainable, int[] Shape)[] parts)
    : LayerDescription(3, new LayerCertificate("diagonal", "1", "0", "the identity"))
{
    public override string Kind => "Stored";

    public override string Declaration => declaration;

    private protected override void DeclareTensors(TensorList list)
    {
        foreach (var (name, element, trainable, shape) in parts)
        {
            if (trainable)
            {
                list.Trainable(name, shape);
            }
            else
            {
                list.Buffer(name, element, shape);
            }
        }
    }

    internal override double Forward(ReferenceWeights weights, Span<double> x) => 0;

    internal override double Inverse(ReferenceWeights weights, Span<double> z) => 0;

    internal override bool MayDepend(int output, int input) => output == input;
}
