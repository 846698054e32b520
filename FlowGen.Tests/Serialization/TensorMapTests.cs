using FlowGen.Serialization;
using Xunit;

namespace FlowGen.Tests.Serialization;

public sealed class TensorMapTests
{
    private static readonly byte[] Theirs = Save(
        new SafetensorsContent("lin.weight", [2, 4], new double[] { 1, 2, 3, 4, 5, 6, 7, 8 }.AsMemory()),
        new SafetensorsContent("lin.bias", [1, 4], new float[] { 1, 2, 3, 4 }.AsMemory()),
        new SafetensorsContent("raw", [], new double[] { 0.5 }.AsMemory()),
        new SafetensorsContent("stats", [3], new double[] { 1, double.NaN, 1e300 }.AsMemory()),
        new SafetensorsContent("order", [3], new long[] { 1, 2, 0 }.AsMemory()),
        new SafetensorsContent("ready", [], [true]));

    [Fact]
    public void A_map_renames_reshapes_and_computes()
    {
        var flow = new StoredFlow();
        flow.Load(Theirs, Map());
        Assert.Equal([1, 5, 2, 6, 3, 7, 4, 8], flow.Parameters["layers.0.net.0.weight"].Values.ToArray());
        Assert.Equal([1, 2, 3, 4], flow.Parameters["layers.0.net.0.bias"].Values.ToArray());
        Assert.Equal([(float)Math.Log(Math.Log(1 + Math.Exp(0.5)))], flow.Parameters["layers.0.scale"].Values.ToArray());
        Assert.Equal([1, 2, 0], flow.Parameters["layers.1.order"].Values.ToArray());
        Assert.Equal([0, 0, 0], flow.Parameters["layers.2.bias"].Values.ToArray());
        Assert.Equal([1], flow.Parameters["layers.2.initialized"].Values.ToArray());
    }

    [Fact]
    public void What_is_kept_stays_as_it_is()
    {
        var flow = StoredFlow.Filled();
        float[] before = flow.Parameters["layers.3.running_mean"].Values.ToArray();
        flow.Load(Theirs, Map());
        Assert.Equal(before, flow.Parameters["layers.3.running_mean"].Values.ToArray());
    }

    [Fact]
    public void Missing_entries_and_unknown_names_are_both_listed()
    {
        var map = new TensorMap { { "layers.0.net.0.weight", "lin.weight" }, { "layers.9.bias", "lin.bias" } };
        AssertRefused(map, "Without an entry: 'layers.0.net.0.bias', 'layers.0.scale', 'layers.1.order', 'layers.2.bias', 'layers.3.running_mean'. Not tensors of the flow: 'layers.9.bias'.");
    }

    [Fact]
    public void A_name_that_the_file_has_not_is_named_with_those_that_it_has() =>
        AssertRefused(Map("layers.2.bias", static theirs => theirs["typo"]), "tensor layers.2.bias [3] cannot be made.", "has no tensor 'typo'. Its tensors are 'lin.weight', 'raw', 'stats', 'order', 'lin.bias', 'ready'");

    [Fact]
    public void A_wrong_shape_is_named() =>
        AssertRefused(Map("layers.0.net.0.weight", static theirs => theirs["lin.weight"]), "the map gives the shape [2, 4], with 8 values; 8 values of shape [4, 2] were expected");

    [Fact]
    public void An_operation_that_does_not_fit_is_named() =>
        AssertRefused(Map("layers.2.bias", static theirs => theirs["stats"].Transpose()), "layers.2.bias [3] cannot be made. [3] is not a matrix");

    [Fact]
    public void Results_that_are_not_finite_in_single_precision_are_refused()
    {
        AssertRefused(Map("layers.2.bias", static theirs => theirs["stats"]), "the map gives NaN at 1");
        AssertRefused(Map("layers.2.bias", static theirs => theirs["stats"].Select(0, 0, 2, 0)), "the map gives 1E+300 at 1");
    }

    [Fact]
    public void Indices_and_flags_are_checked()
    {
        AssertRefused(Map("layers.1.order", static theirs => theirs["order"] + 0.5), "the index at 0 is -1");
        AssertRefused(Map("layers.1.order", static theirs => theirs["order"] * 0), "the index 0 appears a second time");
        AssertRefused(Map("layers.2.initialized", static theirs => theirs["raw"]), "neither 0 nor 1");
    }

    [Fact]
    public void A_flag_may_be_taken_from_the_file()
    {
        var flow = new StoredFlow();
        flow.Load(Theirs, Map("layers.2.initialized", static theirs => theirs["ready"] * 0));
        Assert.Equal([0], flow.Parameters["layers.2.initialized"].Values.ToArray());
    }

    [Fact]
    public void A_name_has_one_entry()
    {
        var map = new TensorMap { { "a", "b" } };
        Assert.Throws<ArgumentException>(() => map.Add("a", "c"));
        Assert.Throws<ArgumentException>(() => map.Keep("a"));
        Assert.Equal(["a"], map);
    }

    private static TensorMap Map(string? changed = null, Func<ForeignTensors, ForeignTensor>? function = null)
    {
        var map = new TensorMap();
        var usual = new Dictionary<string, Func<ForeignTensors, ForeignTensor>>
        {
            ["layers.0.net.0.weight"] = static theirs => theirs["lin.weight"].Transpose(),
            ["layers.0.net.0.bias"] = static theirs => theirs["lin.bias"],
            ["layers.0.scale"] = static theirs => theirs["raw"].Softplus().Log(),
            ["layers.1.order"] = static theirs => theirs["order"],
            ["layers.2.bias"] = static _ => ForeignTensor.Zeros(3),
        };
        if (changed is not null)
        {
            usual[changed] = function!;
        }

        foreach (var (name, value) in usual)
        {
            map.Add(name, value);
        }

        map.Keep("layers.3.running_mean");
        return map;
    }

    private static void AssertRefused(TensorMap map, params string[] messages)
    {
        var flow = StoredFlow.Filled();
        float[] before = flow.Values();
        long version = flow.Parameters.Version;
        var e = Assert.Throws<FlowFileException>(() => flow.Load(Theirs, map));
        Assert.All(messages, message => Assert.Contains(message, e.Message));
        Assert.Equal(before, flow.Values());
        Assert.Equal(version, flow.Parameters.Version);
    }

    private static byte[] Save(params SafetensorsContent[] tensors)
    {
        var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [], tensors);
        return stream.ToArray();
    }
}
