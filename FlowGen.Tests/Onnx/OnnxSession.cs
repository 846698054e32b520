using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace FlowGen.Tests.Onnx;

/// <summary>An exported graph in ONNX Runtime. Where its native library cannot be loaded, tests are skipped, and say why.</summary>
internal sealed class OnnxSession : IDisposable
{
    private static readonly Lazy<string?> Problem = new(static () =>
    {
        try
        {
            _ = OrtEnv.Instance();
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException)
        {
            return $"ONNX Runtime cannot be loaded here, so exported graphs were not run: {(e.InnerException ?? e).Message}";
        }
    });

    private readonly InferenceSession session;

    /// <summary>Exports and loads.</summary>
    public OnnxSession(IFlow flow, OnnxGraph graph, OnnxOptions? options = null)
        : this(Export(flow, graph, options))
    {
    }

    /// <summary>Loads a file's content.</summary>
    public OnnxSession(byte[] content)
    {
        Require();
        using var settings = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        session = new InferenceSession(content, settings);
    }

    /// <summary>The inputs that must be given.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => session.InputMetadata;

    /// <summary>The inputs that may be left out.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> OptionalInputs => session.OverridableInitializerMetadata;

    /// <summary>The outputs.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => session.OutputMetadata;

    /// <summary>What the file says about itself.</summary>
    public ModelMetadata Metadata => session.ModelMetadata;

    /// <summary>Skips the test where ONNX Runtime cannot be loaded.</summary>
    public static void Require() => Assert.SkipWhen(Problem.Value is not null, Problem.Value ?? "");

    /// <summary>The content of an exported file.</summary>
    public static byte[] Export(IFlow flow, OnnxGraph graph, OnnxOptions? options = null)
    {
        using var content = new MemoryStream();
        flow.ExportOnnx(graph, content, options ?? new OnnxOptions());
        return content.ToArray();
    }

    /// <summary>Runs the graph on samples, whose shape is that of the only input that must be given.</summary>
    public Dictionary<string, float[]> Run(float[] samples, float? temperature = null)
    {
        var (name, form) = session.InputMetadata.Single();
        int[] shape = [.. form.Dimensions];
        shape[0] = samples.Length / shape[1..].Aggregate(1, static (product, length) => product * length);
        List<NamedOnnxValue> inputs = [NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(samples, shape))];
        if (temperature is { } given)
        {
            inputs.Add(NamedOnnxValue.CreateFromTensor("temperature", new DenseTensor<float>(new[] { given }, ReadOnlySpan<int>.Empty)));
        }

        return Run(inputs);
    }

    /// <summary>Runs a graph that draws its own noise.</summary>
    public Dictionary<string, float[]> Draw(int count) =>
        Run([NamedOnnxValue.CreateFromTensor("count", new DenseTensor<long>(new long[] { count }, [1]))]);

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private Dictionary<string, float[]> Run(List<NamedOnnxValue> inputs)
    {
        using var results = session.Run(inputs);
        return results.ToDictionary(static result => result.Name, static result => result.AsEnumerable<float>().ToArray());
    }
}
