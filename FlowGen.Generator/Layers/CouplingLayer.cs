using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>One half of the coordinates changed by functions of the other.</summary>
/// <param name="Hidden">The widths of the conditioner's hidden layers.</param>
/// <param name="Transforms">The half that changes.</param>
/// <param name="Activation">The activation of the conditioner.</param>
/// <param name="DeclaredNet">The form of the conditioner, if it is declared.</param>
/// <param name="Blocks">The number of blocks of <see cref="CouplingNet.ResNet"/>.</param>
internal abstract record CouplingLayer(EquatableArray<int> Hidden, Partition Transforms, Activation Activation, CouplingNet? DeclaredNet, int Blocks) : LayerModel
{
    /// <summary>The form of the conditioner. What is not declared is settled by the shape: convolutions on an image, dense layers on a vector.</summary>
    public CouplingNet Net => DeclaredNet ?? CouplingNet.Mlp;

    /// <summary>How many numbers the conditioner makes for each changed coordinate.</summary>
    private protected abstract int OutputsPerCoordinate { get; }

    /// <summary>What is known of the derivative of a changed coordinate by itself.</summary>
    private protected abstract DiagonalBound Diagonal { get; }

    /// <summary>Options of the declaration beside those that every coupling has.</summary>
    private protected virtual string?[] MoreOptions => [];

    /// <inheritdoc/>
    public override string Declaration => WithOptions(
        Name,
        [
            Literals.List(Hidden),
            Transforms == Partition.Alternate ? null : $"Transforms = {Transforms}",
            Activation == Activation.Relu ? null : $"Activation = {Activation}",
            Net == CouplingNet.Mlp ? null : $"Net = {Net}",
            Blocks == Conditioner.DefaultBlocks ? null : $"Blocks = {Literals.Of(Blocks)}",
            .. MoreOptions,
        ]);

    // A network without hidden layers has nothing to normalise.
    /// <inheritdoc/>
    public override LayerState State => Net == CouplingNet.NormalizedConv && Hidden.Count > 0 ? LayerState.DataDependent : LayerState.None;

    /// <summary>What it takes from the data is for its network: the numbers that it couples it leaves where they are.</summary>
    public override bool Centres => false;

    /// <inheritdoc/>
    public override LayerProof Proof => Prove(JacobianForm.Coupling(Transforms), Diagonal, Hidden.Count == 0 ? Smoothness.Smooth : ActivationFacts.SmoothnessOf(Activation));

    /// <inheritdoc/>
    public override void CheckOptions(Findings findings)
    {
        findings.CheckDefined(Name, Transforms);
        Conditioner.CheckOptions(Name, Hidden, Activation, Net, Blocks, findings);
    }

    /// <inheritdoc/>
    public override void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
        bool ofPixels = Transforms is Partition.EvenPixels or Partition.OddPixels;
        if (shape.Size < 2)
        {
            findings.Add(DiagnosticIds.CouplingNeedsTwo, Literals.Of(index), Name, Literals.Of(shape.Size));
        }
        else if (shape.IsImage ? Transforms is Partition.EvenIndices or Partition.OddIndices : ofPixels)
        {
            findings.Add(
                DiagnosticIds.PartitionOfOtherShape,
                Literals.Of(index), Name, Transforms.ToString(), shape.IsImage ? "the coordinates of a vector" : "the pixels of an image", shape.ToString());
        }
        else if (ofPixels && !Conditioner.IsConvolution(Net))
        {
            findings.Add(DiagnosticIds.CheckerboardNeedsConvolution, Literals.Of(index), Name, Transforms.ToString(), Net.ToString());
        }
        else if (!shape.IsImage && Conditioner.IsConvolution(Net))
        {
            findings.Add(DiagnosticIds.ConvolutionNeedsImage, Literals.Of(index), Name, Net.ToString(), shape.ToString());
        }
        else if (Net == CouplingNet.Conv && Hidden.Count > Conditioner.MostConvolutionWidths)
        {
            // A declared one was checked without its shape.
            Conditioner.ReportConvolutionWidths(Name, "Conv, the default on images,", Hidden, findings);
        }
        else if (shape.IsImage && (ofPixels ? shape.Pixels < 2 : shape.Channels < 2))
        {
            findings.AddWithRemedy(
                DiagnosticIds.PartitionLeavesNothing, shape.CanSqueeze ? "Squeeze" : null, Literals.Of(index), Name, Transforms.ToString(), ofPixels ? "pixels" : "channels", ofPixels ? "pixel" : "channel", shape.ToString());
        }
    }

    /// <inheritdoc/>
    public override LayerModel Resolve(Alternation alternation, EventShape shape, int copy) =>
        this with { Transforms = alternation.Next(Transforms, shape), DeclaredNet = DeclaredNet ?? (shape.IsImage ? CouplingNet.Conv : CouplingNet.Mlp) };

    /// <inheritdoc/>
    public override void Trace(CoordinateTrace trace, EventShape shape) => trace.Couple(PartitionPositions.Changed(Transforms, shape), shape, ConditionerOf(shape).Reach);

    /// <inheritdoc/>
    public override LayerSize Measure(EventShape shape)
    {
        var conditioner = ConditionerOf(shape);
        return new(
            Parameters: conditioner.ParameterCount,
            Buffers: State == LayerState.DataDependent ? 1 : 0,
            Weights: conditioner.PreparedCount + MaskSize(shape),
            WorkRows: conditioner.WorkRows,
            RecordRows: conditioner.RecordRows,
            Sums: conditioner.SumCount,
            WidestInput: conditioner.WidestInput,
            Tables: conditioner.TableCount);
    }

    /// <inheritdoc/>
    public override string DescriptionArguments(EventShape shape) =>
        $"{shape.Code}, {Code(Transforms)}, [{Literals.List(Hidden)}], {Code(Activation)}, {Code(Net)}{(Net == CouplingNet.ResNet ? ", " + Literals.Of(Blocks) : "")}";

    /// <inheritdoc/>
    public override void Prepare(LayerCode code, EventShape shape)
    {
        ConditionerOf(shape).Prepare(code);
        if (MaskSize(shape) > 0)
        {
            code.Call(
                "PixelMask.Prepare", "preparation", Literals.Of(shape.Height), Literals.Of(shape.Width), Code(Transforms), Place.Weights(MaskWeight(shape)));
        }
    }

    /// <inheritdoc/>
    public override void Finish(LayerCode code, EventShape shape) => ConditionerOf(shape).Finish(code);

    /// <summary>Where the mask of a checkerboard is, as a further argument of a kernel; nothing where whole rows change.</summary>
    private protected string[] MaskArgument(EventShape shape) => MaskSize(shape) > 0 ? [$"mask: {Place.Weights(MaskWeight(shape))}"] : [];

    private long MaskWeight(EventShape shape) => ConditionerOf(shape).PreparedCount;

    /// <summary>The floats of prepared weights that the mask of a checkerboard takes, behind those of the conditioner.</summary>
    private protected long MaskSize(EventShape shape) => Transforms is Partition.EvenPixels or Partition.OddPixels ? shape.Lanes : 0;

    /// <summary>The coordinates that change.</summary>
    private protected CoordinateRows Changed(EventShape shape) => CoordinateRows.Changed(Transforms, shape.Channels);

    /// <summary>The coordinates that the conditioner reads.</summary>
    private protected CoordinateRows Conditioning(EventShape shape) => CoordinateRows.Conditioning(Transforms, shape.Channels);

    /// <summary>The conditioner for a shape.</summary>
    private protected Conditioner ConditionerOf(EventShape shape) =>
        Conditioner.Create(Transforms, shape, OutputsPerCoordinate, Hidden, Activation, Net, Blocks);
}
