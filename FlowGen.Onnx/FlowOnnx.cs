using FlowGen.Onnx;
using FlowGen.Serialization;

namespace FlowGen;

/// <summary>
/// Exports flows to ONNX (operator set 17), with any number of samples at run time. Weights, and what follows from them alone, are constants of the graph: it is the flow as it is now, and batch
/// normalization uses running statistics. Numbers are single precision. The metadata carry the flow's name, shape, prior and layers, the hash of its declaration and one of its parameters.
/// </summary>
public static class FlowOnnx
{
    /// <summary>The version of the operator set that graphs are written in.</summary>
    public const int OperatorSet = 17;

    extension(IFlow flow)
    {
        /// <summary>Exports a graph to a file, which is replaced as a whole once everything is on the disk; if that fails, the previous one is left as it was.</summary>
        /// <param name="graph">What the graph computes.</param>
        /// <param name="path">The file; its directory exists.</param>
        /// <exception cref="NotSupportedException">The graph needs the inverse of a layer that has none in closed form: a Mint layer, a sum of modules, or a masked convolution of images.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        /// <exception cref="InvalidOperationException">A parameter is not finite, or the graph is larger than the 2 GB that an ONNX file holds.</exception>
        /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
        /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
        /// <exception cref="IOException">The path is a directory, or writing failed.</exception>
        public void ExportOnnx(OnnxGraph graph, string path) => flow.ExportOnnx(graph, path, new OnnxOptions());

        /// <summary>Exports a graph to a file, which is replaced as a whole once everything is on the disk; if that fails, the previous one is left as it was.</summary>
        /// <param name="graph">What the graph computes.</param>
        /// <param name="path">The file; its directory exists.</param>
        /// <param name="options">How it is exported.</param>
        /// <exception cref="NotSupportedException">The graph needs the inverse of a layer that has none in closed form: a Mint layer, a sum of modules, or a masked convolution of images.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        /// <exception cref="InvalidOperationException">A parameter is not finite, or the graph is larger than the 2 GB that an ONNX file holds.</exception>
        /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
        /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
        /// <exception cref="IOException">The path is a directory, or writing failed.</exception>
        public void ExportOnnx(OnnxGraph graph, string path, OnnxOptions options)
        {
            var model = FlowExport.Model(flow, graph, options);
            AtomicFile.Write(path, model.WriteTo);
        }

        /// <summary>Writes a graph to a stream, from its position on; it stays open. Nothing is written if the flow cannot be exported.</summary>
        /// <param name="graph">What the graph computes.</param>
        /// <param name="stream">Receives the file's content.</param>
        /// <exception cref="NotSupportedException">The graph needs the inverse of a layer that has none in closed form: a Mint layer, a sum of modules, or a masked convolution of images.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        /// <exception cref="InvalidOperationException">A parameter is not finite, or the graph is larger than the 2 GB that an ONNX file holds.</exception>
        public void ExportOnnx(OnnxGraph graph, Stream stream) => flow.ExportOnnx(graph, stream, new OnnxOptions());

        /// <summary>Writes a graph to a stream, from its position on; it stays open. Nothing is written if the flow cannot be exported.</summary>
        /// <param name="graph">What the graph computes.</param>
        /// <param name="stream">Receives the file's content.</param>
        /// <param name="options">How it is exported.</param>
        /// <exception cref="NotSupportedException">The graph needs the inverse of a layer that has none in closed form: a Mint layer, a sum of modules, or a masked convolution of images.</exception>
        /// <exception cref="FlowNotInitializedException">A data-dependent layer was never initialised.</exception>
        /// <exception cref="InvalidOperationException">A parameter is not finite, or the graph is larger than the 2 GB that an ONNX file holds.</exception>
        public void ExportOnnx(OnnxGraph graph, Stream stream, OnnxOptions options)
        {
            ArgumentNullException.ThrowIfNull(stream);
            FlowExport.Model(flow, graph, options).WriteTo(stream);
        }
    }
}
