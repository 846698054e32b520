using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowGen.Kernels;
using FlowGen.Random;

namespace FlowGen;

/// <summary>Runs a generated program over batches: tiles, threads, scratch, prepared weights. Not for use in programs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class FlowEngine
{
    private readonly IFlowProgram program;
    private readonly ProgramShape shape;
    private readonly PreparedWeights weights;
    private readonly int size;
    private readonly TensorDescription[] flags;
    private readonly LayerPlace[] places;
    private readonly int recordRows;
    private readonly int keptLayers;
    private readonly bool skipsZeros;

    /// <summary>Used by generated code.</summary>
    /// <param name="description">The flow as data.</param>
    /// <param name="program">The generated program.</param>
    /// <param name="seed">What the starting weights are drawn from.</param>
    /// <exception cref="InvalidOperationException">The program was generated for another version of this library.</exception>
    public FlowEngine(FlowDescription description, IFlowProgram program, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(program);
        shape = program.Shape;
        if (shape.Trainables != description.TrainableCount || shape.Buffers != description.BufferCount || shape.Layers != description.Layers.Count)
        {
            throw new InvalidOperationException(
                $"{description.Name} was generated for {shape.Layers} layers with {shape.Trainables} parameters and {shape.Buffers} buffer elements; " +
                $"this version of the library counts {description.Layers.Count}, {description.TrainableCount} and {description.BufferCount}. Rebuild with the generator of the same version.");
        }

        Description = description;
        this.program = program;
        size = description.EventShape.Size;
        places = [.. Enumerable.Range(0, shape.Layers).Select(program.Place)];
        views = FindViews(description);
        imageLanes = views.Select(static view => view.Lanes).DefaultIfEmpty(0).Max();
        imageState = views.Select(static view => view.StateFloats).DefaultIfEmpty(0).Max();
        recordRows = places.Select(static place => place.RecordRows).DefaultIfEmpty(0).Max();
        keptLayers = places.Count(static place => place.KeepsInput);
        skipsZeros = TileGeometry.HasFew && description.Layers.Any(static layer => layer.MakesZeros);
        WidestTile = shape.Weights >= FarWeights ? 4 * TileGeometry.TileLanes : TileGeometry.TileLanes;
        DefaultMemory = ChooseMemory();
        flags = [.. description.Tensors.Where(static tensor => tensor.Element == TensorElement.Flag)];
        Parameters = new FlowParameters(description);
        weights = new PreparedWeights(Parameters, program);
        inference = new ObjectPool<InferenceWork>(() => new InferenceWork(this));
        gradients = new ObjectPool<GradientWork>(() => new GradientWork(this));
        foreach (var layer in description.Layers)
        {
            var (trainables, buffers) = Parameters.LayerParts(layer);
            layer.Start(trainables, buffers, new ParameterRandom(seed, layer.Index));
        }
    }

    /// <summary>The flow as data.</summary>
    public FlowDescription Description { get; }

    /// <summary>The named tensors.</summary>
    public FlowParameters Parameters { get; }

    /// <summary>The generated program.</summary>
    internal IFlowProgram Program => program;

    /// <summary>The first of the trainable parameters: what tiles read them from.</summary>
    private ref float Trainables => ref MemoryMarshal.GetArrayDataReference(Parameters.MutableTrainables);

    /// <summary>Whether every data-dependent layer is initialised.</summary>
    public bool IsInitialized => FirstUninitialized() is null;

    /// <summary>The layer that waits for data, if any.</summary>
    private LayerDescription? FirstUninitialized()
    {
        foreach (var flag in flags)
        {
            if (Parameters.MutableBuffers[flag.Offset] == 0)
            {
                return LayerOf(flag);
            }
        }

        return null;
    }

    /// <summary>By itself, because a lambda would be allocated with every call of its method.</summary>
    private LayerDescription LayerOf(TensorDescription tensor) => Description.Layers.First(layer => layer.Tensors.Contains(tensor));

    internal void RequireInitialized()
    {
        if (FirstUninitialized() is { } layer)
        {
            throw new FlowNotInitializedException(
                $"{Description.Name}: layer {layer.Index} ({layer.Kind}) takes its starting values from data and has seen none. " +
                "Call Fit, Initialize(x) or Load first, or Parameters.MarkInitialized() if the weights that were set are final.");
        }
    }

    /// <summary>The number of samples in a batch of <paramref name="length"/> floats.</summary>
    private int CountSamples(int length, string name)
    {
        (int count, int rest) = Math.DivRem(length, size);
        return rest == 0
            ? count
            : throw new ArgumentException($"{Description.Name} takes samples of {size} numbers; {length} numbers are not a multiple of that.", name);
    }

    private void RequireLength(int length, int expected, string name, string meaning)
    {
        if (length != expected)
        {
            throw new ArgumentException($"{Description.Name}: {name} holds {meaning}, which is {expected} numbers here; its length is {length}.", name);
        }
    }

    /// <summary>Output over input is fine when they are the same span; a partial overlap would read what was already overwritten.</summary>
    private static void RequireApart(ReadOnlySpan<float> source, Span<float> destination, string name, bool sameAllowed, [CallerArgumentExpression(nameof(source))] string other = "")
    {
        if (source.Overlaps(destination, out int offset) && !(sameAllowed && offset == 0 && source.Length == destination.Length))
        {
            throw new ArgumentException($"{name} overlaps {other}, {offset} elements from its start: pass {(sameAllowed ? "the same span or " : "")}a separate one.", name);
        }
    }
}
