using System.ComponentModel;

namespace FlowGen;

/// <summary>Where a layer's data is in the blocks of its program.</summary>
/// <param name="Parameters">Offset of its first trainable parameter.</param>
/// <param name="Buffers">Offset of its first buffer element.</param>
/// <param name="Weights">Offset of its prepared weights.</param>
/// <param name="RecordRows">Rows of scratch that it needs in a gradient; floats, if samples are images.</param>
/// <param name="KeepsInput">Whether a gradient keeps its input where those of other layers are rebuilt from their outputs.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct LayerPlace(int Parameters, int Buffers, int Weights, int RecordRows, bool KeepsInput = false);
