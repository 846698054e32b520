using System.Globalization;
using System.Runtime.Intrinsics;
using FlowGen.Kernels;
using FlowGen.Tests.Hardening;
using FlowGen.Tests.Kernels;
using FlowGen.Tests.Onnx;
using FlowGen.Tests.Verification;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>
/// All that computes with vectors once more in processes that may not use the widest ones: kernels, layers, vector mathematics, random numbers, reference vectors of other libraries, files,
/// training, tensors, random flows, mutations that the verifier has to find, exported graphs, and the checks of a part of the zoo. 512, 256 and 128 bits and scalar code are all real paths.
/// </summary>
[Collection(nameof(Exclusive))]
public sealed class InstructionSetTests
{
    /// <summary>Set to the widest vectors, in bits, that a process of this test is to have.</summary>
    internal const string Widest = TestProcess.Widest;

    private static readonly string[] Namespaces =
    [
        .. ((string[])["Flows", "Kernels", "Layers", "Numerics", "Random", "ReferenceVectors", "Serialization", "Tensors", "Training", "Verification"]).Select(static name => $"FlowGen.Tests.{name}"),
    ];

    // The other folders, and why they are not run at every width.
    private static readonly Dictionary<string, string> NotHere = new()
    {
        ["CodeFixes"] = "edits of source text",
        ["Declarations"] = "what the compiler says of declarations, against facts in double precision",
        ["Generator"] = "what the compiler writes and reports, which is the same for every width",
        ["Hardening"] = "files and data that are damaged; random flows and saving while in use are run here, by class",
        ["Onnx"] = "graphs that another library runs, the same whatever the width; those of each kind of kernel are run here against the flow, by class",
        ["Packaging"] = "packages and published programs, in processes of their own",
        ["Samples"] = "pages and command lines",
        ["Scalars"] = "proofs by the compiler, in double precision",
    };

    // Two start processes themselves; one is of kernels that run in vectors of 512 bits only, and one of declarations that are verified as others, which is found at any width.
    private static readonly Type[] Outside = [typeof(InstructionSetTests), typeof(OptimizedCodeTests), typeof(DenseSparseGradientTests), typeof(DeclarationMutationTests)];

    private static int Width => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    // All at once: each has parts that run on one core.
    private static readonly Lazy<Dictionary<int, Task<string>>> Processes = new(static () => new()
    {
        [256] = Start("DOTNET_EnableAVX512", 256),
        [128] = Start("DOTNET_EnableAVX2", 128),
        [0] = Start("DOTNET_EnableHWIntrinsic", 0),
    });

    [Theory]
    [InlineData(256)]
    [InlineData(128)]
    [InlineData(0)]
    public async Task Narrower_vectors_pass_the_same_checks(int width)
    {
        Assert.SkipWhen(Width < width, $"This processor has no vectors of {width} bits, which were not tested.");
        _ = await Processes.Value[width];
    }

    /// <summary>All other tests run at this width.</summary>
    [Fact]
    public void The_widest_vectors_have_512_bits()
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "This processor has no vectors of 512 bits, which were not tested.");
        Assert.Equal(16, TileGeometry.Width);
    }

    /// <summary>A new folder is either run at every width, or said not to be, with the reason.</summary>
    [Fact]
    public void Every_folder_is_run_at_every_width_or_has_a_reason_not_to_be()
    {
        string[] folders = [.. Directory.GetDirectories(Path.Combine(Packaging.DotnetCommand.Root, "FlowGen.Tests")).Where(static folder => Directory.GetFiles(folder, "*.cs").Length > 0).Select(static folder => Path.GetFileName(folder))];
        string[] listed = [.. Namespaces.Select(static name => name["FlowGen.Tests.".Length..]), .. NotHere.Keys];
        Assert.Equal(folders.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(NotHere.Values, static reason => Assert.NotEqual("", reason));
    }

    private static Task<string> Start(string variable, int width)
    {
        if (Width < width)
        {
            return Task.FromResult("");
        }

        Type[] others = [typeof(WidthTests), typeof(RandomFlowTests), typeof(OnnxWidthTests), typeof(SavingWhileInUseTests)];
        Type[] parts = [.. typeof(InstructionSetTests).Assembly.GetTypes().Where(static type => Namespaces.Contains(type.Namespace) && type.IsPublic && !type.IsAbstract).Except(Outside)];
        Assert.All(Namespaces, name => Assert.Contains(parts, type => type.Namespace == name));
        return TestProcess.Run(
            [.. others.Concat(parts).SelectMany(static tests => (string[])["-class", tests.FullName!])],
            new Dictionary<string, string> { [variable] = "0", [Widest] = width.ToString(CultureInfo.InvariantCulture) },
            TestContext.Current.CancellationToken);
    }

    /// <summary>Says that the narrower process is one.</summary>
    public sealed class WidthTests
    {
        [Fact]
        public void The_process_has_the_vectors_that_it_is_meant_to_have()
        {
            if (Environment.GetEnvironmentVariable(Widest) is { } expected)
            {
                Assert.Equal(expected, Width.ToString(CultureInfo.InvariantCulture));
            }

            Assert.Equal(Math.Max(Width / 32, 1), TileGeometry.Width);
        }
    }
}
