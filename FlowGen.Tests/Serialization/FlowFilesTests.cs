using Xunit;

namespace FlowGen.Tests.Serialization;

public sealed class FlowFilesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("flowgen").FullName;

    private string Target => Path.Combine(directory, "weights.safetensors");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_loaded_flow_gives_the_bits_of_the_saved_one()
    {
        var saved = Trained(1);
        saved.Save(Target);
        var loaded = new SavedFlow(2);
        Assert.False(loaded.IsInitialized);
        loaded.Load(Target);
        Assert.True(loaded.IsInitialized);
        float[] x = Points(7);
        Assert.Equal(saved.LogProb(x), loaded.LogProb(x));
        Assert.Equal(saved.Sample(5, seed: 3), loaded.Sample(5, seed: 3));
    }

    [Fact]
    public void A_flow_in_use_takes_the_weights_that_are_loaded_into_it()
    {
        var saved = Trained(1);
        var used = Trained(2);
        float[] x = Points(7);
        float[] before = used.LogProb(x);
        saved.Save(Target);
        used.Load(Target);
        Assert.NotEqual(before, used.LogProb(x));
        Assert.Equal(saved.LogProb(x), used.LogProb(x));
    }

    [Fact]
    public void A_flow_that_saw_no_data_is_saved_as_it_is()
    {
        new SavedFlow(1).Save(Target);
        var loaded = Trained(2);
        loaded.Load(Target);
        Assert.False(loaded.IsInitialized);
    }

    [Fact]
    public void Saving_again_replaces_the_file()
    {
        Trained(1).Save(Target);
        byte[] first = File.ReadAllBytes(Target);
        Trained(2).Save(Target);
        Assert.NotEqual(first, File.ReadAllBytes(Target));
        Trained(1).Save(Target);
        Assert.Equal(first, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void A_flow_that_diverged_does_not_replace_the_file()
    {
        var flow = Trained(1);
        flow.Save(Target);
        byte[] first = File.ReadAllBytes(Target);
        flow.Parameters.Update(static trainables => trainables[0] = float.NaN);
        Assert.Contains("layers.0.bias [3] has the value NaN at 0", Assert.Throws<InvalidOperationException>(() => flow.Save(Target)).Message);
        Assert.Equal(first, File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void A_file_of_another_flow_is_refused_with_both_layers()
    {
        Trained(1).Save(Target);
        var other = new WiderFlow(1);
        var e = Assert.Throws<FlowFileException>(() => other.Load(Target));
        Assert.Contains(Target, e.Message);
        Assert.Contains($"Layer 2 of WiderFlow is {WiderFlow.Description.Layers[2].Declaration}, layer 2 of 'SavedFlow' in the file is '{SavedFlow.Description.Layers[2].Declaration}'", e.Message);
    }

    [Fact]
    public void A_truncated_file_changes_nothing()
    {
        Trained(1).Save(Target);
        byte[] file = File.ReadAllBytes(Target);
        File.WriteAllBytes(Target, file[..^5]);
        var flow = Trained(2);
        float[][] before = [.. flow.Parameters.Select(static tensor => tensor.Values.ToArray())];
        Assert.Contains("truncated", Assert.Throws<FlowFileException>(() => flow.Load(Target)).Message);
        Assert.Equal(before, flow.Parameters.Select(static tensor => tensor.Values.ToArray()));
    }

    [Fact]
    public void Paths_that_are_no_files_are_named()
    {
        var flow = Trained(1);
        string missing = Path.Combine(directory, "missing", "weights.safetensors");
        Assert.Contains(Path.GetDirectoryName(missing)!, Assert.Throws<DirectoryNotFoundException>(() => flow.Save(missing)).Message);
        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => flow.Load(missing)).Message);
        Assert.Contains(Target, Assert.Throws<FileNotFoundException>(() => flow.Load(Target)).Message);
        Assert.Contains(directory, Assert.Throws<FlowFileException>(() => flow.Load(directory)).Message);
        Assert.Contains(directory, Assert.Throws<IOException>(() => flow.Save(directory)).Message);
        Assert.Throws<ArgumentException>(() => flow.Save(""));
        Assert.Throws<ArgumentException>(() => flow.Load(""));
    }

    [Fact]
    public void Another_program_s_file_is_loaded_through_a_map_of_the_same_names()
    {
        var saved = Trained(1);
        saved.Save(Target);
        var map = new TensorMap();
        foreach (var tensor in saved.Parameters)
        {
            map.Add(tensor.Name, tensor.Name);
        }

        var loaded = new SavedFlow(2);
        loaded.Load(Target, map);
        Assert.Equal(saved.LogProb(Points(5)), loaded.LogProb(Points(5)));
        using var stream = File.OpenRead(Target);
        var again = new SavedFlow(3);
        again.Load(stream, map);
        Assert.Equal(saved.LogProb(Points(5)), again.LogProb(Points(5)));
    }

    [Fact]
    public void A_flow_is_made_from_a_file_or_a_stream_in_one_line()
    {
        var saved = Trained(1);
        saved.Save(Target);
        Assert.Equal(saved.LogProb(Points(5)), SavedFlow.FromFile(Target).LogProb(Points(5)));
        using var stream = File.OpenRead(Target);
        Assert.Equal(saved.LogProb(Points(5)), SavedFlow.FromStream(stream).LogProb(Points(5)));
        Assert.Throws<FlowFileException>(() => WiderFlow.FromFile(Target));
    }

    [Fact]
    public void A_flow_is_made_from_a_resource_of_its_assembly_in_one_line()
    {
        var saved = Trained(1);
        using var stream = new MemoryStream();
        saved.Save(stream);
        var assembly = Flows.FlowCompiler.Compile(
            """
            using FlowGen;

            [Flow(3)]
            [ActNorm, Permute(2, 0, 1), AffineCoupling(4), BatchNorm, InvertibleLinear]
            public sealed partial class SavedFlow
            {
                public static SavedFlow FromHere() => SavedFlow.FromResource("weights.safetensors");
            }
            """,
            "Embedded",
            new Microsoft.CodeAnalysis.ResourceDescription("weights.safetensors", () => new MemoryStream(stream.ToArray()), isPublic: true));
        var loaded = (IFlow)assembly.GetType("SavedFlow")!.GetMethod("FromHere")!.Invoke(null, [])!;
        Assert.Equal(saved.LogProb(Points(5)), loaded.LogProb(Points(5)));
    }

    [Fact]
    public void A_resource_that_is_not_there_is_named() =>
        Assert.Equal("FlowGen.Tests has no embedded resource 'weights.safetensors'; it has none.", Assert.Throws<FlowFileException>(() => SavedFlow.FromResource("weights.safetensors")).Message);

    private static SavedFlow Trained(ulong seed)
    {
        var flow = new SavedFlow(seed);
        flow.Initialize(Points((int)seed));
        flow.Parameters.Update(trainables =>
        {
            var random = new System.Random((int)seed);
            foreach (ref float value in trainables)
            {
                value += 0.1f * (random.NextSingle() - 0.5f);
            }
        });
        return flow;
    }

    private static float[] Points(int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, 3 * 33).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
