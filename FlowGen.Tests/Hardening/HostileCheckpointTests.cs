using CsCheck;
using FlowGen.Tests.Flows;
using FlowGen.Tests.Serialization;
using FlowGen.Tests.Training;
using Xunit;

namespace FlowGen.Tests.Hardening;

/// <summary>Whatever a checkpoint file holds, it is resumed from or refused, at a cost that its size bounds.</summary>
[Collection(nameof(Exclusive))]
public sealed class HostileCheckpointTests : IDisposable
{
    private static readonly string[] Pieces =
        ["0", "1", "-", "9", "-1", "99999999999999999999", "1e309", "NaN", "\"", "{", "}", "[", "]", ",", ":", "null", "F64", "U8", "\\ud800", "history", "step", "best.parameters", " "];

    private readonly string directory = Directory.CreateTempSubdirectory("flowgen").FullName;
    private readonly float[] data = FitTests.Rows(100);
    private readonly FitOptions options;

    public HostileCheckpointTests() => options = new FitOptions { Epochs = 1, EmaDecay = 0.5, Checkpoint = new CheckpointOptions(Path) };

    private string Path => System.IO.Path.Combine(directory, "training.safetensors");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Any_damage_is_refused_and_costs_little()
    {
        byte[] good = Good();
        ForEach(good, Damage.OfBytes(good));
    }

    [Fact]
    public void Any_rewrite_of_the_header_is_refused_and_costs_little()
    {
        byte[] good = Good();
        ForEach(good, Damage.OfHeader(good, Pieces));
    }

    private byte[] Good()
    {
        _ = DiagonalFlow.Gaussian().Fit(data, options);
        return File.ReadAllBytes(Path);
    }

    private void ForEach(byte[] good, Gen<byte[]> files)
    {
        // As many epochs as the checkpoint has: a resumed training has nothing left to do but to read.
        var resume = options with { Checkpoint = null, ResumeFrom = Path };
        var random = new PCG(1, 43);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = i == 0 ? good : files.Generate(random, null, out _);
            bool same = bytes.AsSpan().SequenceEqual(good);
            File.WriteAllBytes(Path, bytes);
            var flow = DiagonalFlow.Gaussian();
            float[] before = [.. flow.Parameters.Trainables, .. flow.Parameters.MutableBuffers];
            long start = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _ = flow.Fit(data, resume);
                if (!same)
                {
                    // White space between the pieces of the header is nobody's business.
                    Assert.Equal(RawFile.Header(good).Where(static c => c != ' '), RawFile.Header(bytes).Where(static c => c != ' '));
                }
            }
            catch (FlowFileException) when (!same)
            {
                float[] after = [.. flow.Parameters.Trainables, .. flow.Parameters.MutableBuffers];
                Assert.Equal(before, after);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Case {i}: {Convert.ToBase64String(bytes)}", e);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, 524_288 + (32L * bytes.Length));
        }
    }
}
