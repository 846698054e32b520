using FlowGen.Kernels;
using FlowGen.Numerics;
using Xunit;

namespace FlowGen.Tests.Kernels;

public sealed class TapConvolutionTests
{
    /// <summary>Vector width, then height and width of the image.</summary>
    public static TheoryData<int, int, int> Images
    {
        get
        {
            var data = new TheoryData<int, int, int>();
            foreach (int width in (int[])[16, 8, 4, 1])
            {
                foreach ((int rows, int columns) in ((int, int)[])[(1, 1), (1, 5), (5, 1), (3, 2), (2, 17), (4, 4), (7, 7), (14, 14), (16, 16), (28, 28), (32, 32), (9, 33)])
                {
                    data.Add(width, rows, columns);
                }
            }

            return data;
        }
    }

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Images))]
    public void EveryImage_EqualsPlainLoops(int width, int rows, int columns)
    {
        // Fewer channels where an image is large: plain loops take their time.
        bool large = rows * columns > 200;
        foreach (int kernel in (int[])[1, 3, 5])
        {
            foreach ((int inputs, int outputs) in large ? ((int, int)[])[(3, 7)] : [(1, 1), (2, 5), (3, 12), (7, 6), (13, 17)])
            {
                foreach (Activation activation in (Activation[])[Activation.Identity, Activation.Relu])
                {
                    Check(width, new ConvolutionCase(rows, columns, inputs, outputs, kernel, kernel / 2, activation));
                }
            }
        }

        Check(width, new ConvolutionCase(rows, columns, 3, 4, Kernel: 1, Radius: 2, Activation.Relu));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void MaskedTaps_EqualPlainLoops(int width, int rows, int columns)
    {
        if (rows * columns > 300)
        {
            return;
        }

        // Groups of outputs that keep different taps, some of them none, weights in an order of their own.
        Check(width, new ConvolutionCase(rows, columns, 4, 9, 3, 1, Activation.Relu) { Keeps = static (output, input, row, column) => input <= output / 3 && (row < 0 || (row == 0 && column <= 0)) });
        Check(width, new ConvolutionCase(rows, columns, 3, 8, 3, 2, Activation.Relu) { Keeps = static (output, input, row, column) => output != 5 && (((output * 31) + (input * 17) + (row * 7) + column) % 3) != 0 });
        Check(width, new ConvolutionCase(rows, columns, 6, 6, 3, 1, Activation.Identity) { Keeps = static (output, input, row, column) => input > output || (input == output && (row > 0 || (row == 0 && column >= 0))) });
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void EveryActivation_LeavesBordersZero(Activation activation)
    {
        foreach (int width in (int[])[16, 8, 4, 1])
        {
            Check(width, new ConvolutionCase(5, 6, 3, 7, 3, 1, activation));
            Check(width, new ConvolutionCase(5, 6, 3, 7, 3, 1, activation) { KeepsPreActivation = true });
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(1)]
    public void Adding_AddsToWhatIsThere(int width)
    {
        Check(width, new ConvolutionCase(6, 5, 3, 7, 3, 1, Activation.Identity) { Adds = true });
        Check(width, new ConvolutionCase(6, 5, 3, 7, 1, 2, Activation.Identity) { Adds = true });
    }

    [Fact]
    public void PublicEntry_TakesThePathOfTheHardware()
    {
        var shape = new ConvolutionCase(7, 7, 5, 11, 3, 1, Activation.Relu);
        var data = new ConvolutionData(shape);
        data.RunOnTile();
        data.Verify();
    }

    [Fact]
    public void SameImageTwice_GivesTheSameBits()
    {
        var shape = new ConvolutionCase(7, 9, 5, 11, 3, 1, Activation.Elu);
        var first = new ConvolutionData(shape);
        var second = new ConvolutionData(shape);
        first.RunOnTile();
        second.RunOnTile();
        Assert.True(first.Output.Span.SequenceEqual(second.Output.Span));
        Assert.True(first.TensorGradient.Span.SequenceEqual(second.TensorGradient.Span));
        Assert.True(first.InputGradient.Span.SequenceEqual(second.InputGradient.Span));
    }

    [Theory]
    [InlineData(2, 1, "has no centre")]
    [InlineData(0, 1, "has no centre")]
    [InlineData(5, 1, "reaches 2 pixels beyond the image, its planes have a border of 1")]
    public void KernelThatDoesNotFit_IsAnError(int kernel, int radius, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => TapConvolution.Create(new PlaneShape(4, 4, radius), 1, 1, kernel)).Message, StringComparison.Ordinal);

    private static void Check(int width, ConvolutionCase shape)
    {
        var data = new ConvolutionData(shape);
        switch (width)
        {
            case 16:
                data.Run<Vec512>();
                break;
            case 8:
                data.Run<Vec256>();
                break;
            case 4:
                data.Run<Vec128>();
                break;
            default:
                data.Run<VecScalar>();
                break;
        }

        data.Verify();
    }
}
