using FlowGen.Numerics;
using FlowGen.Random;
using Xunit;

namespace FlowGen.Tests.Random;

public sealed class PhiloxTests
{
    /// <summary>The known answers that the authors publish with Random123 for ten rounds.</summary>
    [Theory]
    [InlineData(0UL, 0UL, 0u, 0u, 0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, uint.MaxValue, uint.MaxValue, 0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu)]
    [InlineData(0x299F31D0A4093822UL, 0x85A308D3243F6A88UL, 0x13198A2Eu, 0x03707344u, 0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u)]
    public void Block_GivesTheKnownAnswer(ulong seed, ulong index, uint block, uint stream, uint word0, uint word1, uint word2, uint word3) =>
        Assert.Equal((word0, word1, word2, word3), new Philox(seed).Block(index, block, stream));

    [Fact]
    public void Blocks_GiveTheSameWords_AtEveryWidth()
    {
        Check<Vec512>();
        Check<Vec256>();
        Check<Vec128>();
        Check<VecScalar>();

        static void Check<V>()
            where V : struct, IVec<V>
        {
            var philox = new Philox(0x0123456789ABCDEFUL);
            var counters = new float[4][];
            for (int word = 0; word < 4; word++)
            {
                counters[word] = new float[16];
                for (int lane = 0; lane < 16; lane++)
                {
                    counters[word][lane] = BitConverter.UInt32BitsToSingle((uint)(lane + word) * 0x9E3779B9u);
                }
            }

            V word0 = V.Load(ref counters[0][0]);
            V word1 = V.Load(ref counters[1][0]);
            V word2 = V.Load(ref counters[2][0]);
            V word3 = V.Load(ref counters[3][0]);
            philox.Blocks(ref word0, ref word1, ref word2, ref word3);
            var words = new float[4][];
            for (int word = 0; word < 4; word++)
            {
                words[word] = new float[16];
                V.Store(word switch { 0 => word0, 1 => word1, 2 => word2, _ => word3 }, ref words[word][0]);
            }

            for (int lane = 0; lane < V.Count; lane++)
            {
                uint[] counter = [.. counters.Select(row => BitConverter.SingleToUInt32Bits(row[lane]))];
                (uint, uint, uint, uint) expected = philox.Block(counter[0] | ((ulong)counter[1] << 32), counter[2], counter[3]);
                uint[] actual = [.. words.Select(row => BitConverter.SingleToUInt32Bits(row[lane]))];
                Assert.Equal(expected, (actual[0], actual[1], actual[2], actual[3]));
            }
        }
    }
}
