using System.ComponentModel;
using FlowGen.Kernels;

namespace FlowGen;

/// <summary>
/// What the generator emits for a flow: its layers as calls of kernels, with literal shapes and offsets. Driven by <see cref="FlowEngine"/>;
/// not for use in programs.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IFlowProgram
{
    /// <summary>The sizes of the blocks that the program works on.</summary>
    ProgramShape Shape { get; }

    /// <summary>Where a layer's data is.</summary>
    LayerPlace Place(int layer);

    /// <summary>Computes everything that depends on parameters only.</summary>
    void Prepare(ref Preparation preparation);

    /// <summary>Layers <paramref name="first"/> to <paramref name="last"/> - 1, data to latent, in place; adds their log-dets.</summary>
    void Forward(ref Tile tile, int first, int last);

    /// <summary>Layers <paramref name="last"/> - 1 down to <paramref name="first"/>, latent to data, in place; adds the log-dets of the inverses.</summary>
    void Inverse(ref Tile tile, int first, int last);

    /// <summary>
    /// The gradient of one layer. Finds the layer's input in the state and, in the work area, what its forward or inverse recorded;
    /// turns dL/dz into dL/dx and adds dL/dparameters.
    /// </summary>
    void Backward(ref Tile tile, int layer);

    /// <summary>Turns sums over the whole batch into parameter gradients, for layers that factorise their weights.</summary>
    void FinishGradient(ref GradientSums sums);
}
