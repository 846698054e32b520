using FlowGen.Serialization;

namespace FlowGen;

/// <summary>
/// Saves and loads the parameters of every flow as safetensors files, which every Python stack reads: names as in
/// <see cref="IFlow.Parameters"/>, layouts as PyTorch has them, numbers as F32, indices as I64, flags as BOOL. The metadata carry the format
/// (<c>flowgen</c>), the flow's name, shape, prior and layers, and a hash of its declaration.
/// Loading is exclusive with inference on the same instance.
/// </summary>
public static class FlowFiles
{
    extension(IFlow flow)
    {
        /// <summary>Saves the parameters. The file is replaced as a whole once everything is on the disk; if that fails, the previous one is left as it was.</summary>
        /// <param name="path">The file; its directory exists.</param>
        /// <exception cref="InvalidOperationException">A parameter is not finite, so that the file could not be loaded.</exception>
        /// <exception cref="DirectoryNotFoundException">The directory does not exist.</exception>
        /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
        /// <exception cref="IOException">The path is a directory, or writing failed.</exception>
        public void Save(string path)
        {
            ArgumentNullException.ThrowIfNull(flow);
            AtomicFile.Write(path, stream => ParameterFile.Write(flow.Engine.Description, flow.Parameters, stream));
        }

        /// <summary>Writes the parameters to a stream, from its position on; it stays open.</summary>
        /// <exception cref="InvalidOperationException">A parameter is not finite; nothing is written.</exception>
        public void Save(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(flow);
            ArgumentNullException.ThrowIfNull(stream);
            ParameterFile.Write(flow.Engine.Description, flow.Parameters, stream);
        }

        /// <summary>Replaces all parameters by those of a file that <see cref="Save(IFlow, string)"/> wrote, or none if anything is wrong.</summary>
        /// <exception cref="FlowFileException">The path is a directory; the file is damaged or of another flow; names, shapes or types differ, or a value is not finite.</exception>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
        /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
        public void Load(string path)
        {
            ArgumentNullException.ThrowIfNull(flow);
            using var file = SafetensorsFile.Open(path);
            ParameterFile.Read(flow.Engine.Description, flow.Parameters, file);
        }

        /// <summary>Replaces all parameters by those that a stream holds from its position to its end, or none if anything is wrong; it stays open.</summary>
        /// <exception cref="FlowFileException">The content is damaged or of another flow; names, shapes or types differ, or a value is not finite.</exception>
        public void Load(Stream stream)
        {
            ArgumentNullException.ThrowIfNull(flow);
            using var file = SafetensorsFile.Open(stream);
            ParameterFile.Read(flow.Engine.Description, flow.Parameters, file);
        }

        /// <summary>Replaces all parameters by what a map makes from a safetensors file of another program, or none if anything is wrong.</summary>
        /// <param name="path">The file.</param>
        /// <param name="map">From our tensor names to functions of theirs.</param>
        /// <exception cref="FlowFileException">The map leaves out a tensor of the flow, or names one that it has not, or one that is not in the file; a result has the wrong shape or is not finite; the file is damaged.</exception>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
        /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
        public void Load(string path, TensorMap map)
        {
            ArgumentNullException.ThrowIfNull(flow);
            ArgumentNullException.ThrowIfNull(map);
            using var file = SafetensorsFile.Open(path);
            map.Load(flow.Engine.Description, flow.Parameters, file);
        }

        /// <summary>Replaces all parameters by what a map makes from the safetensors content of a stream, or none if anything is wrong; it stays open.</summary>
        /// <param name="stream">Holds the content from its position to its end.</param>
        /// <param name="map">From our tensor names to functions of theirs.</param>
        /// <exception cref="FlowFileException">As for a file.</exception>
        public void Load(Stream stream, TensorMap map)
        {
            ArgumentNullException.ThrowIfNull(flow);
            ArgumentNullException.ThrowIfNull(map);
            using var file = SafetensorsFile.Open(stream);
            map.Load(flow.Engine.Description, flow.Parameters, file);
        }
    }
}
