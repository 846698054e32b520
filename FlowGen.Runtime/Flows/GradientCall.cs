namespace FlowGen;

/// <summary>One request for a gradient.</summary>
internal unsafe struct GradientCall
{
    /// <summary>Samples <c>[N, D]</c>.</summary>
    public float* Source;

    /// <summary>N.</summary>
    public int Count;

    /// <summary>dL/dz <c>[N, D]</c>, or null for the loss: the mean negative log-likelihood.</summary>
    public float* GradZ;

    /// <summary>dL/dlog-det <c>[N]</c>, with <see cref="GradZ"/>.</summary>
    public float* GradLogDet;

    /// <summary>A weight for each sample <c>[N]</c>, or null.</summary>
    public float* SampleWeights;

    /// <summary>1 / the sum of the sample weights.</summary>
    public double InverseWeightSum;

    /// <summary>Receives dL/dx <c>[N, D]</c>, or null.</summary>
    public float* GradX;

    /// <summary>Receives dL/dparameters, or null.</summary>
    public float* Gradient;

    /// <summary>Receives z <c>[N, D]</c> in training mode without a gradient, or null.</summary>
    public float* Latent;

    /// <summary>Receives log-dets or log-densities <c>[N]</c> in training mode without a gradient, or null.</summary>
    public float* Densities;

    public MemoryMode Memory;

    /// <summary>The lanes of every tile but the last: fixed by the model and the batch, never by the threads.</summary>
    public int Lanes;

    public int Tiles;

    /// <summary>Partial sums over the batch: fixed by the model and the batch, so that sums do not depend on the threads.</summary>
    public int Slots;

    public readonly int RowsOf(int tile) => Math.Min(Lanes, Count - (tile * Lanes));

    public readonly int LanesOf(int tile) => Kernels.TileGeometry.PadTile(RowsOf(tile));
}
