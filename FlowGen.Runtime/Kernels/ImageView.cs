namespace FlowGen.Kernels;

/// <summary>The form of an image between two layers: what is left of it in the tile, and how much was split off.</summary>
/// <param name="Channels">C: the rows of the tile.</param>
/// <param name="Pixels">H W: the lanes that count.</param>
/// <param name="Emitted">The coordinates that were split off.</param>
internal readonly record struct ImageView(int Channels, int Pixels, int Emitted)
{
    /// <summary>The lanes of the tile.</summary>
    public int Lanes => TileGeometry.PadTile(Pixels);

    /// <summary>The floats of the channels with their padding.</summary>
    public int StateFloats => Channels * Lanes;
}
