namespace FlowGen.Kernels;

/// <summary>One kept tap of a convolution: weight <paramref name="Weight"/> times a pixel of an input plane.</summary>
/// <param name="Plane">The input plane.</param>
/// <param name="Row">The row of the pixel, from that of the output.</param>
/// <param name="Column">The column of the pixel, from that of the output.</param>
/// <param name="Weight">The index of the weight in the layer's tensor.</param>
internal readonly record struct Tap(int Plane, int Row, int Column, int Weight);
