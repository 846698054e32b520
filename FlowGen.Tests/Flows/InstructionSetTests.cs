using System.Globalization;
using System.Runtime.Intrinsics;
using FlowGen.Kernels;
using Xunit;

namespace FlowGen.Tests.Flows;

/// <summary>
/// All tests of kernels, layers, vector mathematics and random numbers, and the checks of a part of the flows, once more in processes that may not use the widest vectors:
/// 512, 256 and 128 bits and scalar code are all real paths.
/// </summary>
[Collection(nameof(Exclusive))]
public sealed class InstructionSetTests
{
    /// <summary>Set to the widest vectors, in bits, that a process of this test is to have.</summary>
    internal const string Widest = "FLOWGEN_TESTS_WIDEST_VECTOR";

    private static readonly string[] Namespaces = ["FlowGen.Tests.Kernels", "FlowGen.Tests.Layers", "FlowGen.Tests.Numerics", "FlowGen.Tests.Random"];

    private static int Width => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 0)]
    public async Task Narrower_vectors_pass_the_same_checks(string variable, int width)
    {
        Type[] flows = [typeof(WidthTests), typeof(FlowZooTests), typeof(FlowMathematicsTests), typeof(ImageMathematicsTests), typeof(GradientModeTests), typeof(OneAnswerTests), typeof(ExtremeInputTests)];
        Type[] parts = [.. typeof(InstructionSetTests).Assembly.GetTypes().Where(static type => Namespaces.Contains(type.Namespace) && type.IsPublic && !type.IsAbstract)];
        Assert.NotEmpty(parts);
        _ = await TestProcess.Run(
            [.. flows.Concat(parts).SelectMany(static tests => (string[])["-class", tests.FullName!])],
            new Dictionary<string, string> { [variable] = "0", [Widest] = Math.Min(width, Width).ToString(CultureInfo.InvariantCulture) },
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
