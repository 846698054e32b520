using FlowGen.Serialization;

namespace FlowGen;

/// <summary>
/// The tensors of a safetensors file of another program, read when they are asked for and converted to double precision:
/// F16, BF16, F32, F64, signed and unsigned integers of 8 to 64 bits (exact to 2^53), and flags as 0 and 1.
/// </summary>
public sealed class ForeignTensors : IDisposable
{
    private readonly SafetensorsFile file;

    internal ForeignTensors(SafetensorsFile file)
    {
        this.file = file;
        Names = [.. file.Entries.Select(static entry => entry.Name)];
    }

    /// <summary>Opens a file to look into it; loading a flow from it opens it by itself.</summary>
    /// <exception cref="FlowFileException">The path is a directory, or the file is not a valid safetensors file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ForeignTensors Open(string path) => new(SafetensorsFile.Open(path));

    /// <summary>The names of the tensors, in the order of the header.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What the file says of itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata => file.Metadata;

    /// <summary>Reads a tensor.</summary>
    /// <exception cref="FlowFileException">There is none of this name, with those that there are; or the file ends early.</exception>
    public ForeignTensor this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            if (!file.ByName.TryGetValue(name, out var entry))
            {
                throw new FlowFileException($"{file.Source}: has no tensor {FileText.Quote(name)}. Its tensors are {FileText.List(Names)}.", name);
            }

            double[] values = new double[file.LengthOf(entry)];
            file.Read(entry, values.AsSpan());
            return ForeignTensor.Adopt(values, Array.ConvertAll(entry.Shape, static length => (int)Math.Min(length, int.MaxValue)));
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => file.ByName.ContainsKey(name);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
