using System.ComponentModel;

namespace FlowGen.Kernels;

/// <summary>The modules of a <see cref="Sum"/>, as the generator emits them: their layers, those of the first module first.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ISum
{
    /// <summary>The layers of both modules.</summary>
    static abstract int Layers { get; }

    /// <summary>The layers of the first module.</summary>
    static abstract int First { get; }

    /// <summary>What a layer records for its gradient: rows of a vector's tile, in multiples of 16; floats of an image.</summary>
    static abstract int Record(int layer);

    /// <summary>A layer, data to latent, in place.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Where the prepared weights of the sum start.</param>
    static abstract void Forward(ref Tile tile, int layer, int weights);

    /// <summary>The gradient of a layer: dL/dz to dL/dx in place; adds dL/dparameters.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="weights">Where the prepared weights of the sum start.</param>
    /// <param name="parameters">Where its parameters start.</param>
    /// <param name="accumulators">Where its sums start.</param>
    static abstract void Backward(ref Tile tile, int layer, int weights, int parameters, int accumulators);
}
