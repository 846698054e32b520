using FlowGen.Samples.Commands;
using FlowGen.Samples.Data;
using FlowGen.Samples.Flows;
using Xunit;

namespace FlowGen.Tests.Samples;

public sealed class FlowDeclarationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(40)]
    public void WrittenDeclaration_CompilesToAFlowOfTheDimensions(int dimensions)
    {
        var declaration = FlowDeclaration.Write("red wine-2", dimensions, couplings: 4, [8], Activation.Tanh);
        Assert.Equal("RedWine2", declaration.ClassName);
        var flow = FlowCompiler.Compile(declaration, warn: null, TestContext.Current.CancellationToken)(3);
        Assert.Equal(dimensions, ModelFiles.Dimensions(flow));
        Assert.Equal(declaration.ClassName, FlowDeclaration.Parse(declaration.Path, declaration.Source).ClassName);
    }

    [Theory]
    [InlineData("[Flow(2)] class A { static A() { } }", "line 1: expected attributes on empty classes and nothing else")]
    [InlineData("[Flow(2)] class A : B;", "line 1: expected attributes on empty classes")]
    [InlineData("[Flow(2)] class A(int x);", "line 1: expected attributes on empty classes")]
    [InlineData("\nSystem.Console.WriteLine();", "line 2: expected attributes on empty classes")]
    [InlineData("class A;", "expected one class with a [Flow] attribute, found 0")]
    [InlineData("[Flow(2)] class A; [Flow(2)] class B;", "found 2")]
    [InlineData("[Flow(2)] class", "line 1: expected C#")]
    public void AnythingButEmptyClasses_IsRefused(string source, string message)
    {
        var e = Assert.Throws<SampleException>(() => FlowDeclaration.Parse("model.cs", source));
        Assert.StartsWith("model.cs", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamespaceAndStep_AreTaken()
    {
        var declaration = FlowDeclaration.Parse("model.cs", "using FlowGen;\nnamespace A.B;\n[Flow(4)] [Repeat<Step>(2)] public sealed partial class C;\n[FlowStep] [AffineCoupling] public sealed partial class Step;");
        Assert.Equal("A.B.C", declaration.ClassName);
        Assert.Equal(4, ModelFiles.Dimensions(FlowCompiler.Compile(declaration, warn: null, TestContext.Current.CancellationToken)(0)));
    }

    [Fact]
    public void CompileErrors_AreListedWithTheirPlace()
    {
        var declaration = FlowDeclaration.Parse("model.cs", "using FlowGen;\n[Flow(4)]\n[AffineCoupling(8)]\n[Permute(0, 1, 2, 2)]\npublic sealed partial class Wrong;");
        var e = Assert.Throws<SampleException>(() => FlowCompiler.Compile(declaration, warn: null, TestContext.Current.CancellationToken));
        Assert.StartsWith("model.cs(4,", e.Message, StringComparison.Ordinal);
        Assert.Contains("FLOW", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_ArePassedOn()
    {
        var declaration = FlowDeclaration.Parse("model.cs", "using FlowGen;\n[Flow(4)]\n[ActNorm]\n[AffineCoupling(8)]\npublic sealed partial class Half;");
        var warnings = new List<string>();
        _ = FlowCompiler.Compile(declaration, warnings.Add, TestContext.Current.CancellationToken);
        Assert.Contains(warnings, static w => w.StartsWith("model.cs(5,", StringComparison.Ordinal) && w.Contains("FLOW2020", StringComparison.Ordinal));
    }

    [Fact]
    public void Ranks_CountFromTheLeastLikely() => Assert.Equal([3, 2, 4, 1], ScoreCommand.Ranks([0.5f, -1, 2, -7]));
}
