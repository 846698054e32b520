using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>Every case is checked.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void Every_case_is_checked()
    {
        VectorFolder.Require();
        var tested = typeof(IPeerTests).Assembly.GetTypes()
            .Where(static type => !type.IsAbstract && typeof(IPeerTests).IsAssignableFrom(type))
            .Select(static type => ((IPeerTests)Activator.CreateInstance(type)!).CaseName);
        Assert.Equal(VectorFolder.Cases(), tested.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_file_is_read_and_has_the_tensors_that_its_description_lists()
    {
        VectorFolder.Require();
        foreach (string name in VectorFolder.Cases())
        {
            using var peer = PeerCase.Open(name);
            Assert.Equal(peer.ListedTensors.Select(static tensor => tensor.Name).Order(), peer.Tensors.Names.Order());
            foreach (var (tensor, shape) in peer.ListedTensors)
            {
                Assert.Equal(shape, peer.Tensors[tensor].Shape.ToArray());
            }
        }
    }
}
