using FlowGen.Generator.Emission;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification;

namespace FlowGen.Generator.Layers;

/// <summary>
/// One kind of layer, and the options of one declaration: what it takes, what is proved about it, what it occupies, and the
/// calls that it contributes to the generated program.
/// </summary>
internal abstract record LayerModel
{
    /// <summary>The name: that of the attribute.</summary>
    public abstract string Name { get; }

    /// <summary>The class of the runtime that describes it.</summary>
    public virtual string DescriptionType => Name + "Layer";

    /// <summary>Whether a gradient keeps the layer's input where others are rebuilt from their outputs: its inverse is an iteration, or its gradient jumps.</summary>
    public virtual bool KeepsInput => false;

    /// <summary>The declaration with every option that is not a default.</summary>
    public virtual string Declaration => Name;

    /// <summary>The declaration without what copies of one attribute differ in.</summary>
    public virtual string Caption => Declaration;

    /// <summary>What copies of one attribute differ in, if they do: a number that rises from copy to copy.</summary>
    public virtual ulong Counter => 0;

    /// <summary>Whether all that it names compiles: if not, the compiler says so, and there is nothing to verify.</summary>
    public virtual bool IsReadable => true;

    /// <summary>The functions of the user's that it calls, which the program declares.</summary>
    public virtual IEnumerable<ScalarFunction> Functions => [];

    /// <summary>The map, data to latent.</summary>
    public abstract string Formula { get; }

    /// <summary>What the log-determinant depends on.</summary>
    public abstract LogDetClass LogDet { get; }

    /// <summary>What is proved about the layer.</summary>
    public abstract Certificate Certificate { get; }

    /// <summary>What the layer needs beside its parameters.</summary>
    public virtual LayerState State => LayerState.None;

    /// <summary>Whether the layer takes whole numbers, so that the flow is one of discrete data.</summary>
    public virtual bool TakesLevels => false;

    /// <summary>Whether it moves data to where the prior is: by their moments, a learned offset of every coordinate, or a curve.</summary>
    public virtual bool Centres => State != LayerState.None;

    /// <summary>Whether every coordinate stays where it is, and none takes in another.</summary>
    public virtual bool KeepsCoordinates(EventShape shape) => Proof.Form == JacobianForm.Diagonal;

    /// <summary>Whether the numbers stay where they are, whatever they are called.</summary>
    public virtual bool KeepsOrder(EventShape shape) => KeepsCoordinates(shape);

    /// <summary>What is proved about the layer, as values: by itself nothing but that it is a map.</summary>
    public virtual LayerProof Proof => Prove(JacobianForm.Dense, DiagonalBound.Unknown);

    /// <summary>Which coordinates an output reads beside its own, in which order, where it is those on one side; null elsewhere.</summary>
    public virtual Direction? Direction => null;

    /// <summary>The layer within a sum, which asks for positive diagonals coordinate by coordinate; null if it has none.</summary>
    public virtual LayerModel? InSum => null;

    /// <summary>What the layer works on: vectors, images, or both.</summary>
    public virtual LayerDomain Domain => LayerDomain.Both;

    /// <summary>Checks what can be said without a shape.</summary>
    public virtual void CheckOptions(Findings findings)
    {
    }

    /// <summary>The same behind a masked convolution whose numbers it gets, scaled and shifted at most.</summary>
    public virtual void CheckBehind(string convolution, Findings findings) => CheckOptions(findings);

    /// <summary>The masked convolution whose numbers, scaled and shifted at most, come out of the layer; null if none is.</summary>
    /// <param name="before">That whose numbers go in.</param>
    public virtual string? Convolution(string? before) => before is not null && LogDet != LogDetClass.Data && Proof.Form == JacobianForm.Diagonal ? before : null;

    /// <summary>Checks the layer at its place in the expanded stack.</summary>
    /// <param name="shape">The shape of its input.</param>
    /// <param name="index">Its position in the expanded stack.</param>
    /// <param name="before">The stack before it.</param>
    /// <param name="findings">Receives what is wrong.</param>
    public virtual void CheckPlace(EventShape shape, int index, StackPrefix before, Findings findings)
    {
    }

    /// <summary>The layer with options that depend on its place made explicit.</summary>
    /// <param name="alternation">The partitions of the couplings so far.</param>
    /// <param name="shape">The shape of its input.</param>
    /// <param name="copy">Which of the attribute's copies this is.</param>
    public virtual LayerModel Resolve(Alternation alternation, EventShape shape, int copy) => this;

    /// <summary>The shape of the output.</summary>
    public virtual EventShape Output(EventShape input) => input;

    /// <summary>The values that the output can take: where weights have a say, the ends of a bounded range are somewhere.</summary>
    public virtual ValueRange Range(ValueRange input) => Proof.Form == JacobianForm.Permutation ? input : input.Forgotten();

    /// <summary>Whether the layer itself keeps its output off an end of the line.</summary>
    public virtual bool Bounds => false;

    /// <summary>Follows the coordinates through the layer.</summary>
    public abstract void Trace(CoordinateTrace trace, EventShape shape);

    /// <summary>What the layer occupies.</summary>
    public abstract LayerSize Measure(EventShape shape);

    /// <summary>The arguments of the description's constructor, without the certificate.</summary>
    public abstract string DescriptionArguments(EventShape shape);

    /// <summary>What depends on parameters only.</summary>
    public virtual void Prepare(LayerCode code, EventShape shape)
    {
    }

    /// <summary>Data to latent.</summary>
    public abstract void Forward(LayerCode code, EventShape shape);

    /// <summary>Latent to data.</summary>
    public abstract void Inverse(LayerCode code, EventShape shape);

    /// <summary>dL/dz to dL/dx and dL/dparameters.</summary>
    public abstract void Backward(LayerCode code, EventShape shape);

    /// <summary>Gradients from sums over the whole batch.</summary>
    public virtual void Finish(LayerCode code, EventShape shape)
    {
    }

    /// <summary>The proof of a layer with the log-determinant and the state that it says.</summary>
    private protected LayerProof Prove(JacobianForm form, DiagonalBound diagonal, Smoothness smoothness = Smoothness.Smooth, LayerKind kind = LayerKind.Analytic) =>
        LayerProof.Triangular(form, diagonal, LogDet, smoothness) with { Kind = kind, State = State };

    /// <summary>The name with options in brackets, if there are any.</summary>
    private protected static string WithOptions(string name, params string?[] options)
    {
        string list = string.Join(", ", options.Where(static option => !string.IsNullOrEmpty(option)));
        return list.Length == 0 ? name : $"{name}({list})";
    }

    /// <summary>A value of an enumeration of the runtime, as C# text in the program's namespace.</summary>
    private protected static string Code<TEnum>(TEnum value)
        where TEnum : struct, Enum => $"{typeof(TEnum).Name}.{value}";

    /// <summary>The rows of a tile: the number of coordinates of a vector, or of channels of an image.</summary>
    private protected static string Size(EventShape shape) => Literals.Of(shape.Channels);
}
