using FlowGen.Random;
using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>What makes the numbers of a coupling from the coordinates that it leaves alone: tensors, starting weights, and its definition in double precision.</summary>
internal abstract class ConditionerDescription
{
    /// <summary>The conditioner of a coupling.</summary>
    /// <param name="split">What it reads, and what it makes numbers for.</param>
    /// <param name="kinds">How many numbers it makes for each changed coordinate.</param>
    /// <param name="hidden">The widths of its hidden layers.</param>
    /// <param name="activation">The activation between its layers.</param>
    /// <param name="net">Its form.</param>
    /// <param name="blocks">The number of blocks of <see cref="CouplingNet.ResNet"/>.</param>
    public static ConditionerDescription Create(
        CoordinateSplit split, int kinds, int[] hidden, Activation activation, CouplingNet net, int blocks = ResNetConditioner.DefaultBlocks)
    {
        int outputs = kinds * split.Outputs;
        switch (net)
        {
            case CouplingNet.Conv or CouplingNet.NormalizedConv:
                return new ConvolutionConditioner(split.Shape, split.Inputs, hidden, outputs, activation, net == CouplingNet.NormalizedConv);
            case CouplingNet.ResNet:
                return new ResNetConditioner(split.Shape, split.Inputs, hidden[0], blocks, outputs, activation);
            default:
                var dense = new DenseConditioner(split.Inputs, hidden, outputs, activation, net);
                return split.Shape.IsImage ? new PixelConditioner(split.Shape.Pixels, split.Inputs, dense, outputs) : dense;
        }
    }

    /// <summary>Declares its tensors, in storage order.</summary>
    public abstract void DeclareTensors(TensorList list);

    /// <summary>Writes the starting weights; returns what follows the conditioner's parameters.</summary>
    public abstract Span<float> Start(Span<float> trainables, ParameterRandom random);

    /// <summary>Whether hidden layers put out zeros that the dense layers behind them may leave out.</summary>
    public virtual bool MakesZeros => false;

    /// <summary>Whether tensors start from data; then the layer has an <c>initialized</c> flag.</summary>
    public virtual bool StartsFromData => false;

    /// <summary>Sets the tensors that start from data.</summary>
    /// <param name="layer">The layer, for messages.</param>
    /// <param name="inputs">What the conditioner reads in some samples: see <see cref="Evaluate"/>.</param>
    /// <param name="trainables">The parameters of the layer, of which the conditioner's are the first.</param>
    /// <exception cref="DegenerateDataException">A channel has no variance.</exception>
    public virtual void Initialize(LayerDescription layer, IReadOnlyList<double[]> inputs, Span<float> trainables) => throw new NotSupportedException();

    /// <summary>The options of the declaration that are not defaults.</summary>
    public abstract string?[] Options();

    /// <summary>The conditioner on one sample in double precision: rows of a vector, or channels of an image <c>[channels, H, W]</c>.</summary>
    public abstract double[] Evaluate(ReferenceWeights weights, double[] x);
}
