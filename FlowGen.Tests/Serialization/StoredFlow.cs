using FlowGen.Serialization;

namespace FlowGen.Tests.Serialization;

/// <summary>Parameters of every kind: weights, a scalar, statistics, a permutation, flags.</summary>
internal sealed class StoredFlow
{
    public StoredFlow(string name = "Stored", string third = "ActNorm", Prior prior = Prior.StandardNormal, int size = 3)
    {
        Description = new FlowDescription(name, EventShape.Vector(size), prior, [],
        [
            new StoredLayer("AffineCoupling(4)", ("net.0.weight", TensorElement.Single, true, [4, 2]), ("net.0.bias", TensorElement.Single, true, [4]), ("scale", TensorElement.Single, true, [])),
            new StoredLayer("Permute(2, 0, 1)", ("order", TensorElement.Index, false, [3])),
            new StoredLayer(third, ("bias", TensorElement.Single, true, [3]), ("initialized", TensorElement.Flag, false, [])),
            new StoredLayer("BatchNorm", ("running_mean", TensorElement.Single, false, [3])),
        ]);
        Parameters = new FlowParameters(Description);
        Parameters.Set("layers.1.order", [2, 0, 1]);
    }

    public FlowDescription Description { get; }

    public FlowParameters Parameters { get; }

    public static StoredFlow Filled()
    {
        var flow = new StoredFlow();
        int n = 0;
        foreach (var tensor in flow.Parameters)
        {
            if (tensor.Description.Element == TensorElement.Single)
            {
                tensor.Set(Enumerable.Range(0, tensor.Description.Count).Select(_ => MathF.Sin(++n) * MathF.Pow(10, n % 7)).ToArray());
            }
        }

        flow.Parameters.MarkInitialized();
        return flow;
    }

    public byte[] Save()
    {
        var stream = new MemoryStream();
        ParameterFile.Write(Description, Parameters, stream);
        return stream.ToArray();
    }

    public void Load(byte[] bytes)
    {
        using var file = SafetensorsFile.Open(new MemoryStream(bytes));
        ParameterFile.Read(Description, Parameters, file);
    }

    public void Load(byte[] bytes, TensorMap map)
    {
        using var file = SafetensorsFile.Open(new MemoryStream(bytes));
        map.Load(Description, Parameters, file);
    }

    public float[] Values() => [.. Parameters.SelectMany(static tensor => tensor.Values.ToArray())];
}
