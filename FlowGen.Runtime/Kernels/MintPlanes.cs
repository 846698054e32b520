using FlowGen.Layers;

namespace FlowGen.Kernels;

/// <summary>Where a Mint layer of images has its parameters, its prepared weights and its planes of scratch; its convolutions.</summary>
internal sealed class MintPlanes
{
    public MintPlanes(int channels, int height, int width, int paths, int kernel, Triangle triangle, TriangularOrder order)
    {
        Channels = channels;
        Paths = paths;
        Triangle = triangle;
        Order = order;
        Shape = new PlaneShape(height, width, kernel / 2);
        FirstMask = new TriangularMask(channels, kernel, triangle, order, 1, paths);
        SecondMask = new TriangularMask(channels, kernel, triangle, order, paths, paths);
        ThirdMask = new TriangularMask(channels, kernel, triangle, order, paths, 1);
        First = Convolution(Shape, FirstMask);
        Second = Convolution(Shape, SecondMask);
        Third = Convolution(Shape, ThirdMask);
        ThirdTaps = MintTaps.Create(Shape, Units, KeptTaps(ThirdMask), Third);
        IsThirdOnePass = Array.TrueForAll(Third.TransposedBlocks.Blocks, static block => block.TapCount <= MintImageThird.MaxTaps);
        FirstTaps = MintTaps.Create(Shape, Units, TapConvolution.Transpose(KeptTaps(FirstMask), channels), First);

        int pixels = height * width;
        Bias1 = FirstMask.Count;
        Weight2 = Bias1 + Units;
        Bias2 = Weight2 + SecondMask.Count;
        Weight3 = Bias2 + Units;
        Bias3 = Weight3 + ThirdMask.Count;
        Slope = Bias3 + channels;
        ParameterCount = Slope + (channels * pixels);

        Centre3 = channels * Shape.Lanes;
        Convolution1 = Centre3 + Dense.Pad(Units);
        Convolution2 = Convolution1 + First.PreparedSize;
        Convolution3 = Convolution2 + Second.PreparedSize;
        Inner = Convolution3 + Third.PreparedSize;
        ShortestStep = Inner + TileGeometry.Pad16(Units * paths);
        SequenceWeights = ShortestStep + 16;

        X = 0;
        A = X + Shape.Floats(channels);
        C = A + Shape.Floats(Units);
        E = C + Shape.Floats(Units);
        Diagonal = E + Shape.Floats(Units);
        Y = Diagonal + Shape.Floats(channels);
        Z = Y + Shape.Floats(channels);
        Rows = Z + Shape.Floats(channels);
        WorkFloats = Rows + (channels * TileGeometry.Pad16(Math.Max(pixels, 2)));
        Sequence = new MintSequence(this);
    }

    public int Channels { get; }

    public int Paths { get; }

    public Triangle Triangle { get; }

    public TriangularOrder Order { get; }

    /// <summary>Hidden channels.</summary>
    public int Units => Channels * Paths;

    public PlaneShape Shape { get; }

    public TriangularMask FirstMask { get; }

    public TriangularMask SecondMask { get; }

    public TriangularMask ThirdMask { get; }

    public TapConvolution First { get; }

    public TapConvolution Second { get; }

    public TapConvolution Third { get; }

    /// <summary>The third convolution of a forward pass tap by tap, where that is the shorter way.</summary>
    public MintTaps? ThirdTaps { get; }

    /// <summary>Whether <see cref="MintImageThird"/> takes all taps of a second hidden channel at once.</summary>
    public bool IsThirdOnePass { get; }

    /// <summary>The transposed first convolution of a backward pass tap by tap, where that is the shorter way.</summary>
    public MintTaps? FirstTaps { get; }

    // Parameters: weight1, bias1, weight2, bias2, weight3, bias3, t.
    public int Bias1 { get; }

    public int Weight2 { get; }

    public int Bias2 { get; }

    public int Weight3 { get; }

    public int Bias3 { get; }

    public int Slope { get; }

    public int ParameterCount { get; }

    // Prepared: t in planes, 1 at their borders; the centre taps of W3; the convolutions, the last of them and, transposed, the first perhaps tap by tap; for each channel the
    // products w3 w2 w1 of the centre taps, packed; the shortest step of the iteration; what the inverse takes pixel by pixel.
    public int Centre3 { get; }

    public int Convolution1 { get; }

    public int Convolution2 { get; }

    public int Convolution3 { get; }

    public int Inner { get; }

    public int ShortestStep { get; }

    public int SequenceWeights { get; }

    /// <summary>What the inverse takes coordinate by coordinate.</summary>
    public MintSequence Sequence { get; }

    // Planes of scratch: x; h of the first and of the second hidden channels; e = sum over j of w3 w2 h'(u) w1 of each second channel; the diagonal of the
    // Jacobian; z; the latent during inversion; rows of the tile. Sums for each tap of W3 are where e will be, those for each tap of W1 there in the gradient's work area.
    public int X { get; }

    public int A { get; }

    public int C { get; }

    public int E { get; }

    public int Diagonal { get; }

    public int Y { get; }

    public int Z { get; }

    public int Rows { get; }

    public int WorkFloats { get; }

    /// <summary>The kept taps of one output, in ascending order.</summary>
    public static IEnumerable<Tap> KeptTaps(TriangularMask mask, int output)
    {
        int reach = mask.Kernel / 2;
        for (int input = 0; input < mask.Channels * mask.Inputs; input++)
        {
            for (int row = -reach; row <= reach; row++)
            {
                for (int column = -reach; column <= reach; column++)
                {
                    int index = mask.Index(output / mask.Outputs, output % mask.Outputs, input / mask.Inputs, input % mask.Inputs, row, column);
                    if (index >= 0)
                    {
                        yield return new Tap(input, row, column, index);
                    }
                }
            }
        }
    }

    /// <summary>The convolution with the kept taps.</summary>
    public static TapConvolution Convolution(PlaneShape shape, TriangularMask mask) => new(shape, mask.Channels * mask.Inputs, KeptTaps(mask), mask.Count);

    private static IReadOnlyList<Tap>[] KeptTaps(TriangularMask mask)
    {
        var lists = new IReadOnlyList<Tap>[mask.Channels * mask.Outputs];
        for (int output = 0; output < lists.Length; output++)
        {
            lists[output] = [.. KeptTaps(mask, output)];
        }

        return lists;
    }
}
