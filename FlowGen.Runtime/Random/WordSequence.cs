namespace FlowGen.Random;

/// <summary>The words of a stream one after the other: <see cref="Philox.Block"/> at index 0, 1, 2, ...</summary>
internal struct WordSequence
{
    private readonly Philox philox;
    private readonly uint stream;
    private (uint Word0, uint Word1, uint Word2, uint Word3) block;
    private ulong position;

    /// <summary>The words of a seed and stream, from the first.</summary>
    public WordSequence(ulong seed, uint stream)
    {
        philox = new Philox(seed);
        this.stream = stream;
        block = default;
        position = 0;
    }

    /// <summary>The next 32 bits.</summary>
    public uint Next()
    {
        ulong current = position++;
        if (current % Philox.WordsPerBlock == 0)
        {
            block = philox.Block(current / Philox.WordsPerBlock, 0, stream);
        }

        return (current % Philox.WordsPerBlock) switch
        {
            0 => block.Word0,
            1 => block.Word1,
            2 => block.Word2,
            _ => block.Word3,
        };
    }

    /// <summary>The next integer from 0 to <paramref name="bound"/> - 1, each as likely (Lemire, 2019).</summary>
    public uint Next(uint bound)
    {
        ulong product = (ulong)Next() * bound;
        if ((uint)product < bound)
        {
            // The first 2^32 % bound fractions would make some results likelier.
            uint excess = unchecked(0u - bound) % bound;
            while ((uint)product < excess)
            {
                product = (ulong)Next() * bound;
            }
        }

        return (uint)(product >> 32);
    }
}
