using System.Collections;
using FlowGen.Serialization;

namespace FlowGen;

/// <summary>
/// How the tensors of a flow are made from those of a foreign file: from our names to functions of theirs.
/// <code>
/// var map = new TensorMap
/// {
///     { "layers.0.net.0.weight", "transforms.0.net.0.weight" },
///     { "layers.0.net.0.bias", "transforms.0.net.0.bias" },
///     { "layers.1.log_scale", theirs => theirs["transforms.1.scale"].Softplus().Log() },
/// };
/// flow.Load("peer.safetensors", map);
/// </code>
/// Every tensor of the flow must have an entry, so that nothing keeps its starting values unseen: <see cref="Keep"/> says that a tensor
/// stays as it is. Only flags may be left out; they become true, because loaded weights are final.
/// Arithmetic is in double precision; the result is rounded once.
/// </summary>
public sealed class TensorMap : IEnumerable<string>
{
    private readonly Dictionary<string, Func<ForeignTensors, ForeignTensor>?> entries = new(StringComparer.Ordinal);

    /// <summary>Makes one of our tensors from theirs.</summary>
    /// <param name="ours">The name of our tensor: <c>layers.3.net.0.weight</c>.</param>
    /// <param name="fromTheirs">Gives its values; dimensions of length 1 may be more or fewer than ours.</param>
    /// <exception cref="ArgumentException">The name already has an entry.</exception>
    public void Add(string ours, Func<ForeignTensors, ForeignTensor> fromTheirs)
    {
        ArgumentNullException.ThrowIfNull(fromTheirs);
        AddEntry(ours, fromTheirs);
    }

    /// <summary>Takes one of our tensors over from theirs as it is.</summary>
    /// <param name="ours">The name of our tensor.</param>
    /// <param name="theirs">The name of theirs.</param>
    /// <exception cref="ArgumentException">The name already has an entry.</exception>
    public void Add(string ours, string theirs)
    {
        ArgumentNullException.ThrowIfNull(theirs);
        AddEntry(ours, tensors => tensors[theirs]);
    }

    /// <summary>Leaves tensors as they are: permutations, for example, that the declaration already gives.</summary>
    /// <exception cref="ArgumentException">A name already has an entry.</exception>
    public void Keep(params ReadOnlySpan<string> ours)
    {
        foreach (string name in ours)
        {
            AddEntry(name, null);
        }
    }

    /// <summary>Our names that have an entry.</summary>
    public IEnumerator<string> GetEnumerator() => entries.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Replaces all parameters of a flow, or none if anything is wrong.</summary>
    internal void Load(FlowDescription description, FlowParameters parameters, SafetensorsFile file)
    {
        CheckNames(description, file.Source);
        using var theirs = new ForeignTensors(file);
        var staged = new StagedParameters(description);
        foreach (var tensor in description.Tensors)
        {
            var values = staged.Of(tensor);
            if (!entries.TryGetValue(tensor.Name, out var function))
            {
                values.Fill(1);
            }
            else if (function is null)
            {
                parameters.Read(tensor).CopyTo(values);
            }
            else
            {
                Convert(Evaluate(function, theirs, tensor, file.Source), tensor, file.Source, values);
            }
        }

        staged.Commit(parameters);
    }

    private void AddEntry(string ours, Func<ForeignTensors, ForeignTensor>? function)
    {
        ArgumentNullException.ThrowIfNull(ours);
        if (!entries.TryAdd(ours, function))
        {
            throw new ArgumentException($"{ours} already has an entry.", nameof(ours));
        }
    }

    private void CheckNames(FlowDescription description, string source)
    {
        var known = description.Tensors.Select(static tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var missing = description.Tensors.Where(tensor => tensor.Element != TensorElement.Flag && !entries.ContainsKey(tensor.Name)).Select(static tensor => tensor.Name).ToList();
        var unknown = entries.Keys.Where(name => !known.Contains(name)).ToList();
        if (missing.Count > 0 || unknown.Count > 0)
        {
            throw new FlowFileException(
                $"{source}: the map does not fit {description.Name}. Without an entry: {FileText.List(missing)}. Not tensors of the flow: {FileText.List(unknown)}.",
                missing.Concat(unknown).First());
        }
    }

    private static ForeignTensor Evaluate(Func<ForeignTensors, ForeignTensor> function, ForeignTensors theirs, TensorDescription tensor, string source)
    {
        try
        {
            return function(theirs) ?? throw new ArgumentException("The map's function gave null.");
        }
        catch (Exception e) when (e is FlowFileException or ArgumentException)
        {
            throw new FlowFileException($"{source}: tensor {tensor} cannot be made. {e.Message}", tensor.Name, e);
        }
    }

    private static void Convert(ForeignTensor made, TensorDescription tensor, string source, Span<float> values)
    {
        if (!made.Shape.ToArray().Where(static length => length != 1).SequenceEqual(tensor.Shape.Where(static length => length != 1)))
        {
            throw new FlowFileException($"{source}: tensor {tensor}: the map gives the shape {made}, with {made.Count} values; {tensor.Count} values of shape {FileText.Shape(tensor.Shape)} were expected.", tensor.Name);
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)made.Values[i];
            if (!float.IsFinite(values[i]))
            {
                throw new FlowFileException($"{source}: tensor {tensor}: the map gives {made.Values[i]} at {i}, which is not a finite number in single precision.", tensor.Name);
            }
        }

        if (tensor.Element == TensorElement.Index)
        {
            long[] indices = new long[values.Length];
            for (int i = 0; i < indices.Length; i++)
            {
                // What is not a whole number is no index either.
                indices[i] = values[i] == Math.Floor(values[i]) ? (long)values[i] : -1;
            }

            StagedParameters.CheckPermutation(indices, source, tensor);
        }
        else if (tensor.Element == TensorElement.Flag && values.ContainsAnyExcept(0f, 1f))
        {
            throw new FlowFileException($"{source}: tensor {tensor}: the map gives values that are neither 0 nor 1 for a flag.", tensor.Name);
        }
    }
}
