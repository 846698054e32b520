using FlowGen.Serialization;

namespace FlowGen;

/// <summary>A flow with saved parameters, in one line: <c>var flow = TwoMoons.FromFile("moons.safetensors");</c></summary>
public static class FlowLoading
{
    extension<TFlow>(TFlow)
        where TFlow : class, IFlow<TFlow>
    {
        /// <summary>A flow with the parameters of a file that <see cref="FlowFiles.Save(IFlow, string)"/> wrote.</summary>
        /// <exception cref="FlowFileException">The path is a directory; the file is damaged or of another flow; names, shapes or types differ, or a value is not finite.</exception>
        /// <exception cref="FileNotFoundException">There is no such file.</exception>
        /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
        /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
        public static TFlow FromFile(string path)
        {
            var flow = TFlow.Create(seed: 0);
            flow.Load(path);
            return flow;
        }

        /// <summary>A flow with the parameters that a stream holds from its position to its end; it stays open.</summary>
        /// <exception cref="FlowFileException">The content is damaged or of another flow; names, shapes or types differ, or a value is not finite.</exception>
        public static TFlow FromStream(Stream stream)
        {
            var flow = TFlow.Create(seed: 0);
            flow.Load(stream);
            return flow;
        }

        /// <summary>
        /// A flow with the parameters of a resource embedded in the assembly that declares it:
        /// <c>&lt;EmbeddedResource Include="moons.safetensors" LogicalName="moons.safetensors" /&gt;</c> in the project file.
        /// </summary>
        /// <exception cref="FlowFileException">There is no such resource; it is damaged or of another flow; names, shapes or types differ, or a value is not finite.</exception>
        public static TFlow FromResource(string name)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            var assembly = typeof(TFlow).Assembly;
            using var stream = assembly.GetManifestResourceStream(name)
                ?? throw new FlowFileException($"{assembly.GetName().Name} has no embedded resource {FileText.Quote(name)}; it has {FileText.List(assembly.GetManifestResourceNames())}.");
            return FromStream<TFlow>(stream);
        }
    }
}
