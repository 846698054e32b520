using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>What makes the numbers of a coupling from the coordinates that it leaves alone: what it occupies, and its statements.</summary>
internal abstract record Conditioner
{
    /// <summary>The number of blocks of a residual network of convolutions that declares none.</summary>
    public const int DefaultBlocks = 2;

    /// <summary>The most hidden widths of <see cref="CouplingNet.Conv"/>.</summary>
    public const int MostConvolutionWidths = 2;

    private const int MostBlocks = 1000;

    /// <summary>The architecture in a line.</summary>
    public abstract string Summary { get; }

    /// <summary>The number of parameters.</summary>
    public abstract long ParameterCount { get; }

    /// <summary>The floats of prepared weights.</summary>
    public abstract long PreparedCount { get; }

    /// <summary>How many of the prepared weights are in tables, of which a sample reads one row.</summary>
    public virtual long TableCount => 0;

    /// <summary>The accumulators of a gradient beside the parameters.</summary>
    public virtual long SumCount => 0;

    /// <summary>The most inputs of a dense layer.</summary>
    public abstract long WidestInput { get; }

    /// <summary>Whether its evaluation reads the parameters beside what is prepared of them.</summary>
    public virtual bool ReadsParameters => false;

    /// <summary>How many pixels it looks to every side of the one that it makes numbers for.</summary>
    public virtual int Reach => 0;

    /// <summary>Rows of scratch outside gradients.</summary>
    public abstract long WorkRows { get; }

    /// <summary>Rows of scratch in gradients.</summary>
    public abstract long RecordRows { get; }

    /// <summary>The conditioner of a coupling.</summary>
    /// <param name="transforms">The part that changes.</param>
    /// <param name="shape">The shape of what is coupled.</param>
    /// <param name="kinds">How many numbers it makes for each changed coordinate.</param>
    /// <param name="hidden">The widths of its hidden layers.</param>
    /// <param name="activation">Its activation.</param>
    /// <param name="net">Its form.</param>
    /// <param name="blocks">The number of blocks of <see cref="CouplingNet.ResNet"/>.</param>
    public static Conditioner Create(
        Partition transforms, EventShape shape, int kinds, EquatableArray<int> hidden, Activation activation, CouplingNet net, int blocks)
    {
        int inputs = CoordinateRows.Conditioning(transforms, shape.Channels).Count;
        int channels = CoordinateRows.Changed(transforms, shape.Channels).Count;
        string pixels = transforms == Partition.OddPixels ? "Even" : transforms == Partition.EvenPixels ? "Odd" : "All";
        var image = new ImagePlanes(shape.Height, shape.Width, pixels);
        return net switch
        {
            CouplingNet.Conv or CouplingNet.NormalizedConv => new ConvolutionConditioner(image, inputs, hidden, channels, kinds, activation, net == CouplingNet.NormalizedConv),
            CouplingNet.ResNet => new ResNetConditioner(image, inputs, hidden.Count > 0 ? hidden[0] : 1, Math.Min(Math.Max(blocks, 1), MostBlocks), channels, kinds, activation),
            CouplingNet.Mlp when hidden.Count == 2 && LineConditioner.Pays(inputs, hidden, activation) => new LineConditioner(hidden[0], hidden[1], kinds * channels, activation),
            _ => new DenseConditioner(inputs, hidden, kinds * channels, activation, net),
        };
    }

    /// <summary>Checks widths and options as declared.</summary>
    public static void CheckOptions(string layer, EquatableArray<int> hidden, Activation activation, CouplingNet net, int blocks, Findings findings)
    {
        findings.CheckDefined(layer, activation);
        findings.CheckDefined(layer, net);
        for (int i = 0; i < hidden.Count; i++)
        {
            if (hidden[i] < 1)
            {
                findings.Add(DiagnosticIds.WidthTooSmall, layer, Literals.Of(i + 1), Literals.Of(hidden[i]));
            }
            else if (hidden[i] > FlowVerifier.MaximumWidth)
            {
                findings.Add(DiagnosticIds.StackTooLarge, layer, $"a hidden layer of {Literals.Of(hidden[i])} units", Literals.Of(FlowVerifier.MaximumWidth));
            }
            else if (net == CouplingNet.ResidualMlp && hidden[i] != hidden[0])
            {
                findings.Add(DiagnosticIds.ResidualWidthsDiffer, layer, Literals.Of(hidden[0]), Literals.Of(hidden[i]));
            }
        }

        if (net is CouplingNet.Conv or CouplingNet.NormalizedConv && hidden.Count > MostConvolutionWidths)
        {
            ReportConvolutionWidths(layer, net.ToString(), hidden, findings);
        }
        else if (net == CouplingNet.ResNet && hidden.Count != 1)
        {
            findings.Add(DiagnosticIds.ConvolutionWidths, layer, "ResNet", "one hidden width, that of all its blocks,", Literals.Of(hidden.Count));
        }

        if (net == CouplingNet.ResNet && blocks is < 1 or > MostBlocks)
        {
            findings.Add(DiagnosticIds.BlockCount, layer, Literals.Of(blocks), Literals.Of(MostBlocks));
        }
    }

    /// <summary>Reports more widths than <see cref="CouplingNet.Conv"/> has.</summary>
    public static void ReportConvolutionWidths(string layer, string net, EquatableArray<int> hidden, Findings findings) =>
        findings.Add(DiagnosticIds.ConvolutionWidths, layer, net, "at most two hidden widths, of its 3x3 and its 1x1 convolution,", Literals.Of(hidden.Count));

    /// <summary>Whether a form is that of convolutions, which take images and no vectors, and which checkerboards need.</summary>
    public static bool IsConvolution(CouplingNet net) => net is CouplingNet.Conv or CouplingNet.ResNet or CouplingNet.NormalizedConv;

    /// <summary>Fields of the program that the statements refer to.</summary>
    /// <param name="name">What their names start with.</param>
    public virtual IEnumerable<string> Fields(string name) => [];

    /// <summary>What a coupling takes the output from, as arguments of its kernel: a work row, or the last convolution and where its weights start.</summary>
    public abstract string[] OutputArguments(LayerCode code);

    /// <summary>What a coupling's backward pass takes the output from: a work row, or the last convolution.</summary>
    public abstract string RecordedOutput(LayerCode code);

    /// <summary>Adds the preparation of the weights.</summary>
    public abstract void Prepare(LayerCode code);

    /// <summary>Adds the end of a gradient, from sums over the whole batch.</summary>
    public virtual void Finish(LayerCode code)
    {
    }

    /// <summary>The statements that evaluate the conditioner, but for a last convolution that the coupling takes; they know <c>tile</c>, <c>input</c>, <c>weights</c> and, where it reads them, <c>parameters</c>.</summary>
    /// <param name="name">What the names of <see cref="Fields"/> start with.</param>
    public abstract IEnumerable<string> ForwardLines(string name);

    /// <summary>The statements of the backward pass; they know <c>tile</c>, <c>input</c>, <c>weights</c>, <c>parameters</c> and, where there are any, <c>sums</c>.</summary>
    /// <param name="name">What the names of <see cref="Fields"/> start with.</param>
    public abstract IEnumerable<string> BackwardLines(string name);

    /// <summary>Whether the derivative of an activation needs what went in. The others get by with what came out: they are monotone.</summary>
    private protected static bool KeepsInputOf(Activation activation) => activation is Activation.Silu or Activation.Gelu;

    /// <summary>The name of the field with a last convolution that the coupling takes.</summary>
    private protected static string OutputName(string name) => name + "Output";

    /// <summary>That field.</summary>
    private protected static string OutputField(string name, int inputs, int channels, int kinds, int kernel, long from, long to) =>
        $"private static readonly ConvolutionOutput {OutputName(name)} = new({name}Planes, {Literals.Of(inputs)}, channels: {Literals.Of(channels)}, kinds: {Literals.Of(kinds)}, kernel: {Literals.Of(kernel)}, from: {Literals.Of(from)}, to: {Literals.Of(to)});";

    private protected static string Code(Activation activation) => $"Activation.{activation}";

    private protected static string Sum(string name, long offset) => offset == 0 ? name : $"{name} + {Literals.Of(offset)}";
}
