using Xunit;

namespace FlowGen.Tests.Kernels;

/// <summary>An array between guards: whatever writes beside it is found out.</summary>
internal sealed class GuardedBlock
{
    private const int GuardLength = 64;
    private const float Guard = -98765.4375f;

    private readonly float[] memory;
    private readonly int slack;

    /// <param name="length">The floats of the block.</param>
    /// <param name="slack">The floats behind it that may be written.</param>
    public GuardedBlock(int length, int slack)
    {
        Length = length;
        this.slack = slack;
        memory = new float[GuardLength + length + slack + GuardLength];
        memory.AsSpan().Fill(Guard);
        Span.Clear();
    }

    public int Length { get; }

    public Span<float> Span => memory.AsSpan(GuardLength, Length);

    public ref float Start => ref memory[GuardLength];

    public float this[int index] => Span[index];

    /// <summary>Numbers between -1 and 1.</summary>
    public void Randomize(System.Random random)
    {
        foreach (ref float value in Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }
    }

    public void AssertGuards(bool slackWritten)
    {
        Assert.Equal(-1, memory.AsSpan(0, GuardLength).IndexOfAnyExcept(Guard));
        int end = GuardLength + Length + (slackWritten ? slack : 0);
        Assert.Equal(-1, memory.AsSpan(end).IndexOfAnyExcept(Guard));
    }
}
