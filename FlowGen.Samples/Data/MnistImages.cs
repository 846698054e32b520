namespace FlowGen.Samples.Data;

/// <summary>The files of MNIST, or of a dataset in its form: Fashion-MNIST, KMNIST, EMNIST digits.</summary>
internal static class MnistImages
{
    /// <summary>The height and the width of an image.</summary>
    public const int Side = 28;

    /// <summary>The pixels of an image.</summary>
    public const int Pixels = Side * Side;

    /// <summary>The images for training and for testing, each <c>[N, 784]</c>, 0 to 255.</summary>
    /// <exception cref="SampleException">A file is missing or not what it should be.</exception>
    public static (float[] Train, float[] Test) Read(string directory) =>
        (IdxImages.Read(directory, "train-images-idx3-ubyte", Side, Side), IdxImages.Read(directory, "t10k-images-idx3-ubyte", Side, Side));

    /// <summary>The digits that the images show.</summary>
    /// <exception cref="SampleException">A file is missing, not what it should be, or has another number of labels than there are images.</exception>
    public static (byte[] Train, byte[] Test) ReadLabels(string directory, int trainCount, int testCount) =>
        (ReadLabels(directory, "train", trainCount), ReadLabels(directory, "t10k", testCount));

    /// <summary>One image.</summary>
    public static ReadOnlySpan<float> Image(float[] images, int index) => images.AsSpan(index * Pixels, Pixels);

    /// <summary>The images at some positions, in their order.</summary>
    public static float[] Select(float[] images, IEnumerable<int> indices) => [.. indices.SelectMany(i => images.AsSpan(i * Pixels, Pixels).ToArray())];

    private static byte[] ReadLabels(string directory, string part, int count)
    {
        byte[] labels = IdxImages.ReadLabels(directory, part + "-labels-idx1-ubyte");
        return labels.Length == count
            ? labels
            : throw new SampleException($"{directory}: {part}-images-idx3-ubyte holds {count} images, but {part}-labels-idx1-ubyte {labels.Length} labels.");
    }
}
