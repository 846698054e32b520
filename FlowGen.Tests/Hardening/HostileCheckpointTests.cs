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
        var flip = from at in Gen.Int[0, good.Length - 1] from value in Gen.Byte select (at, value);
        var cut = Gen.Frequency((3, Gen.Const(good.Length)), (1, Gen.Int[0, good.Length]));
        ForEach(good, Gen.Select(flip.Array[0, 6], cut, Gen.Byte.Array[0, 3]), damage =>
        {
            byte[] damaged = [.. good];
            foreach (var (at, value) in damage.Item1)
            {
                damaged[at] = value;
            }

            return [.. damaged[..damage.Item2], .. damage.Item3];
        });
    }

    [Fact]
    public void Any_rewrite_of_the_header_is_refused_and_costs_little()
    {
        byte[] good = Good();
        string header = RawFile.Header(good);
        var edit = from at in Gen.Int[0, header.Length - 1] from remove in Gen.Int[0, 8] from piece in Gen.Int[0, Pieces.Length - 1] select (at, remove, piece);
        ForEach(good, edit.Array[1, 4], edits =>
        {
            string text = header;
            foreach (var (at, remove, piece) in edits)
            {
                int start = Math.Min(at, text.Length);
                text = text[..start] + Pieces[piece] + text[Math.Min(start + remove, text.Length)..];
            }

            return RawFile.Of(text, good[(8 + header.Length)..]);
        });
    }

    private byte[] Good()
    {
        _ = DiagonalFlow.Gaussian().Fit(data, options);
        return File.ReadAllBytes(Path);
    }

    private void ForEach<T>(byte[] good, Gen<T> cases, Func<T, byte[]> toFile)
    {
        // As many epochs as the checkpoint has: a resumed training has nothing left to do but to read.
        var resume = options with { Checkpoint = null, ResumeFrom = Path };
        var random = new PCG(1, 43);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = i == 0 ? good : toFile(cases.Generate(random, null, out _));
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
