using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>
/// Half of the channels leaves for the latent, the rest goes on (Real NVP, section 3.6). With a learned prior the leaving half is standardised first, by functions of the
/// half that stays: e = (x - mean) e^-s (Glow, section 3.4; as an affine coupling whose raw outputs are mean and s).
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Split
{
    /// <summary>Sends <paramref name="leaving"/> of <paramref name="channels"/> channels off, those from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ref Tile t, int channels, int first, int leaving)
    {
        ImageTile.StoreRows(ref Row(ref t.State, ref t, first), ref Unsafe.Add(ref t.Latent, t.Emitted), leaving, t.Pixels, t.Lanes);
        t.Emitted += leaving * t.Pixels;
        if (first == 0)
        {
            Move(ref t, ref t.State, leaving, 0, channels - leaving);
        }
    }

    /// <summary>Takes them back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inverse(ref Tile t, int channels, int first, int leaving)
    {
        t.Emitted -= leaving * t.Pixels;
        TakeBack(ref t, ref t.State, ref t.Latent, channels, first, leaving, fill: true);
    }

    /// <summary>dL/dz to dL/dx: the tile has the form that the image has before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(ref Tile t, int channels, int first, int leaving) =>
        TakeBack(ref t, ref t.GradState, ref t.GradLatent, channels, first, leaving, fill: false);

    private static void TakeBack(ref Tile t, ref float rows, ref float latent, int channels, int first, int leaving, bool fill)
    {
        if (first == 0)
        {
            Move(ref t, ref rows, 0, leaving, channels - leaving);
        }

        ImageTile.LoadRows(ref Unsafe.Add(ref latent, t.Emitted), ref Row(ref rows, ref t, first), leaving, t.Pixels, t.Lanes, fill);
    }

    // Copies of overlapping rows: Span.CopyTo moves them as if by way of a buffer.
    private static void Move(ref Tile t, ref float rows, int from, int to, int count) =>
        RowCopy.Copy(ref Row(ref rows, ref t, from), ref Row(ref rows, ref t, to), count * (nint)t.Lanes);

    private static ref float Row(ref float rows, ref Tile t, int row) => ref Unsafe.Add(ref rows, row * (nint)t.Lanes);
}
