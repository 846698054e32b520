using System.Buffers.Binary;
using System.IO.Compression;

namespace FlowGen.Samples.Data;

/// <summary>
/// Images and labels in the idx format of the MNIST files: two zero bytes, the element type (8: unsigned byte), the number of dimensions (3; 1 for labels), their
/// sizes as big-endian 32-bit numbers, the bytes. Plain or gzip-compressed, told by content.
/// </summary>
internal static class IdxImages
{
    /// <summary>Reads images as numbers 0 .. 255.</summary>
    /// <param name="directory">Where the file is.</param>
    /// <param name="name">Its usual name, without <c>.gz</c>.</param>
    /// <param name="height">The height that every image must have.</param>
    /// <param name="width">The width that every image must have.</param>
    /// <returns>The images <c>[N, height * width]</c>.</returns>
    /// <exception cref="SampleException">There is no such file, or it does not hold images of this size.</exception>
    public static float[] Read(string directory, string name, int height, int width) =>
        Open(directory, name, (file, found) => Read(file, found, height, width));

    /// <summary>Reads labels: the same format with one dimension.</summary>
    /// <param name="directory">Where the file is.</param>
    /// <param name="name">Its usual name, without <c>.gz</c>.</param>
    /// <exception cref="SampleException">There is no such file, or it does not hold labels.</exception>
    public static byte[] ReadLabels(string directory, string name) => Open(directory, name, ReadLabels);

    /// <summary>Reads images from a stream that can seek.</summary>
    public static float[] Read(Stream file, string name, int height, int width)
    {
        using var unzipped = IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
        Stream stream = unzipped is null ? file : unzipped;

        Span<byte> header = stackalloc byte[16];
        int found = stream.ReadAtLeast(header, 16, throwOnEndOfStream: false);
        if (found < 16)
        {
            throw new SampleException($"{name}: expected the 16 bytes of an idx header, found {found}.");
        }

        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != 0x0803)
        {
            string hint = magic == 0x0801 ? " (those are labels)" : "";
            throw new SampleException($"{name}: expected idx images, magic number 0x00000803, found 0x{magic:X8}{hint}.");
        }

        uint count = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        uint rows = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        uint columns = BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
        if (rows != height || columns != width)
        {
            throw new SampleException($"{name}: expected images of {height} x {width}, found {rows} x {columns}.");
        }

        // The count is checked against the bytes that are there, image by image, before memory is taken for it.
        var values = new List<float>();
        var image = new byte[height * width];
        for (uint i = 0; i < count; i++)
        {
            int read = stream.ReadAtLeast(image, image.Length, throwOnEndOfStream: false);
            if (read < image.Length)
            {
                throw new SampleException($"{name}: the header promises {count} images, the file ends in image {i + 1} after {read} of {image.Length} bytes.");
            }

            foreach (byte pixel in image)
            {
                values.Add(pixel);
            }
        }

        if (count == 0)
        {
            throw new SampleException($"{name}: expected images, found none.");
        }

        return stream.ReadByte() < 0
            ? [.. values]
            : throw new SampleException($"{name}: expected the end of the file after {count} images, found more bytes.");
    }

    /// <summary>Reads labels from a stream that can seek.</summary>
    public static byte[] ReadLabels(Stream file, string name)
    {
        using var unzipped = IsCompressed(file) ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : null;
        Stream stream = unzipped is null ? file : unzipped;
        Span<byte> header = stackalloc byte[8];
        int found = stream.ReadAtLeast(header, 8, throwOnEndOfStream: false);
        if (found < 8)
        {
            throw new SampleException($"{name}: expected the 8 bytes of an idx header, found {found}.");
        }

        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (magic != 0x0801)
        {
            string hint = magic == 0x0803 ? " (those are images)" : "";
            throw new SampleException($"{name}: expected idx labels, magic number 0x00000801, found 0x{magic:X8}{hint}.");
        }

        // Read before the header's count is believed.
        uint count = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        using var labels = new MemoryStream();
        stream.CopyTo(labels);
        return labels.Length == count
            ? labels.ToArray()
            : throw new SampleException($"{name}: the header promises {count} labels, the file holds {labels.Length}.");
    }

    private static bool IsCompressed(Stream file)
    {
        Span<byte> start = stackalloc byte[2];
        int length = file.ReadAtLeast(start, 2, throwOnEndOfStream: false);
        file.Position = 0;
        return length == 2 && start[0] == 0x1F && start[1] == 0x8B;
    }

    private static T Open<T>(string directory, string name, Func<Stream, string, T> read)
    {
        if (!Directory.Exists(directory))
        {
            throw new SampleException($"There is no directory {directory}. Expected one with {name} or {name}.gz.");
        }

        // The files also go by a name with a dot: train-images.idx3-ubyte.
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string path = new[] { name, name + ".gz", dotted, dotted + ".gz" }.Select(file => Path.Combine(directory, file)).FirstOrDefault(File.Exists)
            ?? throw new SampleException($"{directory} holds neither {name} nor {name}.gz.");
        try
        {
            using var file = File.OpenRead(path);
            return read(file, Path.GetFileName(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new SampleException($"Cannot read {path}: {e.Message}", e);
        }
    }
}
