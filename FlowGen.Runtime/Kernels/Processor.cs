using System.Runtime.Intrinsics.X86;

namespace FlowGen.Kernels;

/// <summary>What kernels have to know of the processor beside its instructions, to choose between two ways to the same bits.</summary>
internal static class Processor
{
    private const int NameOfAmd = 0x68747541;
    private const int Zen4 = 0x19;

    /// <summary>
    /// Whether a core may do two multiply-adds of 512 bits a cycle. Then a mispredicted branch costs twice as many of them as where units of 256 bits work in two halves, as in a Zen 4;
    /// and so does whatever else is between them.
    /// </summary>
    internal static readonly bool MultipliesTwice = Avx512F.IsSupported && !(Name == NameOfAmd && Family <= Zen4);

    private static int Name => X86Base.CpuId(0, 0).Ebx;

    private static int Family
    {
        get
        {
            int signature = X86Base.CpuId(1, 0).Eax;
            int family = (signature >> 8) & 15;
            return family == 15 ? family + ((signature >> 20) & 255) : family;
        }
    }
}
