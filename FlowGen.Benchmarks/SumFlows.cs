#pragma warning disable FLOW2060 // One triangle is enough to be measured.

namespace FlowGen.Benchmarks;

/// <summary>Two triangular matrices around a function.</summary>
[FlowStep]
[MaskedConv(Triangle.Lower), Elementwise(nameof(Bend)), MaskedConv(Triangle.Lower)]
public sealed partial class MatrixModule
{
    private static float Bend(float x) => x + (0.5f * MathF.Tanh(x));
}

/// <summary>A layer of MintNet.</summary>
[FlowStep]
[MintLayer(Triangle.Lower, Paths = 16)]
public sealed partial class MintModule;

/// <summary>The first of them alone, on vectors.</summary>
[Flow(63)]
[Repeat<MatrixModule>(1)]
public sealed partial class MatrixVector;

/// <summary>The second alone.</summary>
[Flow(63)]
[Repeat<MintModule>(1)]
public sealed partial class MintVector;

/// <summary>Their sum.</summary>
[Flow(63)]
[Sum<MatrixModule, MintModule>(0.5, 0.5)]
public sealed partial class SumVector;

/// <summary>The first of them alone, on digits.</summary>
[Flow(1, 28, 28)]
[Repeat<MatrixModule>(1)]
public sealed partial class MatrixDigits;

/// <summary>The second alone.</summary>
[Flow(1, 28, 28)]
[Repeat<MintModule>(1)]
public sealed partial class MintDigits;

/// <summary>Their sum.</summary>
[Flow(1, 28, 28)]
[Sum<MatrixModule, MintModule>(0.5, 0.5)]
public sealed partial class SumDigits;
