using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>The gradient of an activation on work rows.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Activations
{
    /// <summary>Multiplies the gradient of work rows <paramref name="row"/> .. by the activation's derivative.</summary>
    /// <param name="t">The tile, after the forward pass.</param>
    /// <param name="row">The first row, of the activation's output and of its gradient.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="preActivation">The first row of the activation's input, for those whose derivative needs it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward(ref Tile t, int row, int count, Activation activation, int preActivation = -1)
    {
        nint lanes = t.Lanes;
        ref float values = ref Unsafe.Add(ref t.Work, (preActivation < 0 ? row : preActivation) * lanes);
        ActivationKernels.MultiplyByDerivative(activation, ref values, ref Unsafe.Add(ref t.GradWork, row * lanes), count * lanes);
    }
}
