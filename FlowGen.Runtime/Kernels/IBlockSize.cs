using System.Runtime.CompilerServices;

namespace FlowGen.Kernels;

/// <summary>A constant that the JIT compiles a kernel for: the height or width of a register block.</summary>
internal interface IBlockSize
{
    static abstract int Value { get; }
}

/// <summary>None: where a size tells whether.</summary>
internal readonly struct Size0 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 0;
    }
}

/// <summary>One.</summary>
internal readonly struct Size1 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 1;
    }
}

/// <summary>Two.</summary>
internal readonly struct Size2 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2;
    }
}

/// <summary>Three.</summary>
internal readonly struct Size3 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 3;
    }
}

/// <summary>Four.</summary>
internal readonly struct Size4 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 4;
    }
}

/// <summary>Five.</summary>
internal readonly struct Size5 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 5;
    }
}

/// <summary>Six.</summary>
internal readonly struct Size6 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 6;
    }
}

/// <summary>Seven.</summary>
internal readonly struct Size7 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 7;
    }
}

/// <summary>Eight.</summary>
internal readonly struct Size8 : IBlockSize
{
    public static int Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 8;
    }
}
