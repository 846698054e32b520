using Xunit;

namespace FlowGen.Tests.ReferenceVectors;

/// <summary>Every case is either checked or named here with the reason why it is not.</summary>
public sealed class CoverageTests
{
    private const string Images = "needs image shapes";

    private static readonly Dictionary<string, string> NotCovered = new()
    {
        ["squeeze_split_orderings"] = $"{Images}, squeeze and split.",
    };

    public static TheoryData<string, string> Reasons()
    {
        var reasons = new TheoryData<string, string>();
        foreach (var (name, reason) in NotCovered)
        {
            reasons.Add(name, reason);
        }

        return reasons;
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Not_checked(string name, string reason) => Assert.Skip($"{name} {reason}");

    [Fact]
    public void Every_case_is_checked_or_has_a_reason()
    {
        VectorFolder.Require();
        var tested = typeof(IPeerTests).Assembly.GetTypes()
            .Where(static type => !type.IsAbstract && typeof(IPeerTests).IsAssignableFrom(type))
            .Select(static type => ((IPeerTests)Activator.CreateInstance(type)!).CaseName);
        Assert.Equal(VectorFolder.Cases(), tested.Concat(NotCovered.Keys).Order(StringComparer.Ordinal));
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
