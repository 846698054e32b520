using System.Globalization;

namespace FlowGen.Serialization;

/// <summary>The parameters of a flow as a safetensors file, with its declaration in the metadata.</summary>
internal static class ParameterFile
{
    private const string Format = "flowgen";

    public static void Write(FlowDescription description, FlowParameters parameters, Stream stream)
    {
        CheckFinite(description, parameters);
        SafetensorsWriter.Write(stream, Metadata(description), description.Tensors.Select(tensor => Content(parameters, tensor)));
    }

    /// <summary>Replaces all parameters by those of the file, or none if anything is wrong.</summary>
    public static void Read(FlowDescription description, FlowParameters parameters, SafetensorsFile file)
    {
        CheckDeclaration(description, file);
        CheckTensors(description, file);
        var staged = new StagedParameters(description);
        foreach (var tensor in description.Tensors)
        {
            Read(file, file.ByName[tensor.Name], tensor, staged.Of(tensor));
        }

        staged.Commit(parameters);
    }

    private static Dictionary<string, string> Metadata(FlowDescription description) => new()
    {
        ["format"] = Format,
        ["flow"] = description.Name,
        ["shape"] = description.EventShape.ToString(),
        ["prior"] = description.Prior.ToString(),
        ["layers"] = string.Join('\n', description.Layers.Select(static layer => layer.Declaration)),
        ["hash"] = description.Hash,
    };

    private static SafetensorsContent Content(FlowParameters parameters, TensorDescription tensor)
    {
        var values = (tensor.IsTrainable ? parameters.MutableTrainables : parameters.MutableBuffers).AsMemory(tensor.Offset, tensor.Count);
        switch (tensor.Element)
        {
            case TensorElement.Single:
                return new SafetensorsContent(tensor.Name, tensor.Shape, (ReadOnlyMemory<float>)values);
            case TensorElement.Index:
                return new SafetensorsContent(tensor.Name, tensor.Shape, Array.ConvertAll(values.ToArray(), static value => (long)value).AsMemory());
            default:
                return new SafetensorsContent(tensor.Name, tensor.Shape, Array.ConvertAll(values.ToArray(), static value => value != 0).AsSpan());
        }
    }

    // A file that could not be loaded again must not take the place of one that can.
    private static void CheckFinite(FlowDescription description, FlowParameters parameters)
    {
        foreach (var tensor in description.Tensors)
        {
            var values = parameters.Read(tensor);
            for (int i = 0; i < values.Length; i++)
            {
                if (!float.IsFinite(values[i]))
                {
                    throw new InvalidOperationException($"{description.Name} is not saved: {tensor} has the value {values[i]} at {i}.");
                }
            }
        }
    }

    private static void CheckDeclaration(FlowDescription description, SafetensorsFile file)
    {
        string? format = file.Metadata.GetValueOrDefault("format");
        if (format != Format)
        {
            throw new FlowFileException(
                $"{file.Source}: the metadata give {(format is null ? "no format" : $"the format {FileText.Quote(format)}")}; '{Format}' was expected. Files of other programs are loaded through a {nameof(TensorMap)}.");
        }

        string? hash = file.Metadata.GetValueOrDefault("hash");
        if (hash != description.Hash)
        {
            throw new FlowFileException($"{file.Source}: holds parameters of another flow. {Difference(description, file.Metadata)}");
        }
    }

    private static string Difference(FlowDescription description, IReadOnlyDictionary<string, string> metadata)
    {
        string name = FileText.Quote(metadata.GetValueOrDefault("flow", "?"));
        string shape = metadata.GetValueOrDefault("shape", "?");
        string prior = metadata.GetValueOrDefault("prior", "?");
        if (shape != description.EventShape.ToString())
        {
            return $"The shape of {description.Name} is {description.EventShape}, that of {name} in the file is {FileText.Quote(shape)}.";
        }

        if (prior != description.Prior.ToString())
        {
            return $"The prior of {description.Name} is {description.Prior}, that of {name} in the file is {FileText.Quote(prior)}.";
        }

        string text = metadata.GetValueOrDefault("layers", "");
        string[] theirs = text.Length == 0 ? [] : text.Split('\n');
        for (int i = 0; i < Math.Max(theirs.Length, description.Layers.Count); i++)
        {
            string? here = i < description.Layers.Count ? description.Layers[i].Declaration : null;
            string? there = i < theirs.Length ? theirs[i] : null;
            if (here != there)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Layer {i} of {description.Name} is {here ?? "absent"}, layer {i} of {name} in the file is {(there is null ? "absent" : FileText.Quote(there))} ({description.Layers.Count} layers here, {theirs.Length} in the file).");
            }
        }

        return $"Its declaration reads like that of {description.Name}, but its hash is {FileText.Quote(metadata.GetValueOrDefault("hash", "?"))} and not {description.Hash}.";
    }

    private static void CheckTensors(FlowDescription description, SafetensorsFile file)
    {
        var known = description.Tensors.Select(static tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var missing = known.Where(name => !file.ByName.ContainsKey(name)).ToList();
        var unexpected = file.ByName.Keys.Where(name => !known.Contains(name)).ToList();
        if (missing.Count > 0 || unexpected.Count > 0)
        {
            throw new FlowFileException(
                $"{file.Source}: its tensors are not those of {description.Name}. Missing: {FileText.List(missing)}. Unexpected: {FileText.List(unexpected)}.",
                missing.Concat(unexpected).First());
        }

        foreach (var tensor in description.Tensors)
        {
            var entry = file.ByName[tensor.Name];
            var type = tensor.Element switch
            {
                TensorElement.Single => SafetensorsType.F32,
                TensorElement.Index => SafetensorsType.I64,
                _ => SafetensorsType.Bool,
            };
            if (entry.Type != type || !entry.Shape.SequenceEqual(tensor.Shape.Select(static length => (long)length)))
            {
                throw new FlowFileException(
                    $"{file.Source}: tensor {tensor.Name}: expected {type.Name} {FileText.Shape(tensor.Shape)}, found {entry.Form}.", tensor.Name);
            }
        }
    }

    private static void Read(SafetensorsFile file, SafetensorsEntry entry, TensorDescription tensor, Span<float> values)
    {
        switch (tensor.Element)
        {
            case TensorElement.Single:
                file.Read(entry, values);
                break;
            case TensorElement.Index:
                long[] indices = new long[tensor.Count];
                file.Read(entry, indices);
                StagedParameters.CheckPermutation(indices, file.Source, tensor);
                Array.ConvertAll(indices, static index => (float)index).CopyTo(values);
                break;
            default:
                bool[] flags = new bool[tensor.Count];
                file.Read(entry, flags);
                Array.ConvertAll(flags, static flag => flag ? 1f : 0f).CopyTo(values);
                break;
        }

        StagedParameters.CheckFinite(values, file.Source, tensor);
    }
}
