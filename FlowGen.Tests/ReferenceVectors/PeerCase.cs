using System.Text.Json;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>One case: what the peer's code computed, and how its JSON describes the stack.</summary>
internal sealed class PeerCase : IDisposable
{
    private readonly JsonDocument document;

    private PeerCase(string path, string name)
    {
        File = Path.Combine(path, name + ".safetensors");
        document = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(path, name + ".json")));
        Tensors = ForeignTensors.Open(File);
        Layers = document.RootElement.TryGetProperty("layers", out var layers) ? [.. layers.EnumerateArray()] : [];
    }

    public string File { get; }

    public ForeignTensors Tensors { get; }

    /// <summary>The peer's layers, the first acting first on the data.</summary>
    public IReadOnlyList<JsonElement> Layers { get; }

    /// <summary>The sum, the sum of squares and the largest magnitude of the gradient of every parameter, in double precision.</summary>
    public IEnumerable<(string Name, double Sum, double SumOfSquares, double Largest)> GradientChecksums =>
        document.RootElement.GetProperty("gradient_checksums_f64").EnumerateObject().Select(static entry => (
            entry.Name,
            entry.Value.GetProperty("sum").GetDouble(),
            entry.Value.GetProperty("sumsq").GetDouble(),
            entry.Value.GetProperty("absmax").GetDouble()));

    /// <summary>The losses before each of the peer's steps with Adam, and the one after the last; the options are PyTorch's defaults.</summary>
    public double[] AdamLosses =>
        [.. document.RootElement.GetProperty("adam").GetProperty("losses_before_each_step_then_final_f64").EnumerateArray().Select(static loss => loss.GetDouble())];

    /// <summary>The shape of each tensor, as the JSON lists it.</summary>
    public IEnumerable<(string Name, int[] Shape)> ListedTensors =>
        document.RootElement.GetProperty("tensors").EnumerateObject().Select(static entry => (
            entry.Name,
            (entry.Value.ValueKind == JsonValueKind.Array ? entry.Value : entry.Value.GetProperty("shape")).EnumerateArray().Select(static length => length.GetInt32()).ToArray()));

    /// <summary>Opens a case; the test is skipped where the folder is missing.</summary>
    public static PeerCase Open(string name) => new(VectorFolder.Require(), name);

    /// <summary>The names of the weights of a conditioner, without the prefix and the suffix.</summary>
    public static string[] Linear(JsonElement net) =>
        [.. net.GetProperty("linear").EnumerateArray().Select(static name => WithoutPrefix(name.GetString()!))];

    /// <summary>A list of indices.</summary>
    public static int[] Indices(JsonElement layer, string name) =>
        [.. layer.GetProperty(name).EnumerateArray().Select(static index => index.GetInt32())];

    /// <summary>The name of a weight in the peer's state.</summary>
    public static string WithoutPrefix(string name) => name.StartsWith("w/", StringComparison.Ordinal) ? name[2..] : name;

    /// <summary>The weight of this name.</summary>
    public ForeignTensor Weight(string name) => Tensors["w/" + name];

    /// <summary>A tensor as single-precision numbers.</summary>
    public float[] Singles(string name) => Array.ConvertAll(Tensors[name].Values.ToArray(), static value => (float)value);

    public void Dispose()
    {
        Tensors.Dispose();
        document.Dispose();
    }
}
