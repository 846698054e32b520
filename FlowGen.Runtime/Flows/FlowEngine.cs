using System.ComponentModel;

namespace FlowGen;

/// <summary>Runs a generated program over batches: tiles, threads, scratch, prepared weights. Not for use in programs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed partial class FlowEngine
{
    private readonly IFlowProgram program;

    /// <summary>Used by generated code.</summary>
    public FlowEngine(FlowDescription description, IFlowProgram program, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(program);
        Description = description;
        this.program = program;
        Parameters = new FlowParameters(description);
        foreach (var layer in description.Layers)
        {
            var (trainables, buffers) = Parameters.LayerParts(layer);
            layer.Start(trainables, buffers, new Random.ParameterRandom(seed, layer.Index));
        }
    }

    /// <summary>The flow as data.</summary>
    public FlowDescription Description { get; }

    /// <summary>The named tensors.</summary>
    public FlowParameters Parameters { get; }
}
