using System.ComponentModel;

namespace FlowGen;

/// <summary>The sizes of the blocks that a generated program works on.</summary>
/// <param name="Layers">Layers in the expanded stack.</param>
/// <param name="Trainables">Trainable parameters.</param>
/// <param name="Buffers">Buffer elements: running statistics, indices, flags.</param>
/// <param name="Weights">Floats of prepared weights.</param>
/// <param name="GradientFloats">Accumulators of a gradient: the trainables, then sums that <see cref="IFlowProgram.FinishGradient"/> turns into gradients.</param>
/// <param name="WorkRows">Rows of scratch that any layer needs outside gradients; floats, if samples are images.</param>
/// <param name="WidestInput">The largest number of inputs of a dense layer.</param>
/// <param name="Tables">How many of the prepared weights are in tables, of which a sample reads one row.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ProgramShape(
    int Layers, int Trainables, int Buffers, int Weights, int GradientFloats, int WorkRows, int WidestInput, int Tables = 0);
