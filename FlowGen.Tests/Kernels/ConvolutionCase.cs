using FlowGen.Kernels;

namespace FlowGen.Tests.Kernels;

/// <summary>A convolution to be compared with plain loops.</summary>
internal sealed record ConvolutionCase(int Height, int Width, int Inputs, int Outputs, int Kernel, int Radius, Activation Activation)
{
    /// <summary>Whether a tap is kept: of the output, the input, the row and the column from the centre; all are by default.</summary>
    public Func<int, int, int, int, bool>? Keeps { get; init; }

    public bool KeepsPreActivation { get; init; }

    public bool Adds { get; init; }

    public IReadOnlyList<Tap>[] Taps()
    {
        var taps = new IReadOnlyList<Tap>[Outputs];
        int reach = Kernel / 2;
        int next = 0;
        for (int output = 0; output < Outputs; output++)
        {
            var list = new List<Tap>();
            for (int input = 0; input < Inputs; input++)
            {
                for (int row = -reach; row <= reach; row++)
                {
                    for (int column = -reach; column <= reach; column++)
                    {
                        if (Keeps?.Invoke(output, input, row, column) ?? true)
                        {
                            list.Add(new Tap(input, row, column, next++));
                        }
                    }
                }
            }

            taps[output] = list;
        }

        // The tensor of a masked convolution in any order.
        return Keeps is null ? taps : [.. taps.Select(list => (IReadOnlyList<Tap>)[.. list.Select(tap => tap with { Weight = next - 1 - tap.Weight })])];
    }

    public TapConvolution Convolution(PlaneShape shape)
    {
        IReadOnlyList<Tap>[] taps = Taps();
        return Keeps is null ? TapConvolution.Create(shape, Inputs, Outputs, Kernel) : new TapConvolution(shape, Inputs, taps, taps.Sum(static list => list.Count));
    }
}
