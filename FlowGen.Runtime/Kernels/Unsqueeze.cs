using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>An image <c>[4 C, H / 2, W / 2]</c> back to <c>[C, H, W]</c>: the inverse of <see cref="Squeeze"/>, whose sizes it takes; log-det 0.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Unsqueeze
{
    /// <summary>x to z, by way of the work area, which takes C H W floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward(ref Tile t, int channels, int height, int width, SqueezeOrder order) => Squeeze.Inverse(ref t, channels, height, width, order);

    /// <summary>z to x, by way of the work area, which takes C H W floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Inverse(ref Tile t, int channels, int height, int width, SqueezeOrder order) => Squeeze.Forward(ref t, channels, height, width, order);

    /// <summary>dL/dz to dL/dx, by way of the gradient of the work area.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Tile t, int channels, int height, int width, SqueezeOrder order) => Squeeze.InverseBackward(ref t, channels, height, width, order);
}
