using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>Fully connected layer on a tile: y = act(W x + b), and its gradients.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Dense
{
}
