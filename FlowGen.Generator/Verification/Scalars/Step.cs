namespace FlowGen.Generator.Verification.Scalars;

/// <summary>What a step of a <see cref="Tape"/> does.</summary>
internal enum StepKind
{
    Constant,
    Variable,
    Sum,
    Product,
    Function,
}

/// <summary>One step of a <see cref="Tape"/>.</summary>
/// <param name="kind">What it does.</param>
/// <param name="operands">The steps that it takes the results of.</param>
/// <param name="numbers">Coefficients and the constant of a sum; a constant.</param>
internal sealed class Step(StepKind kind, int[] operands, Interval[] numbers)
{
    public StepKind Kind { get; } = kind;

    public int[] Operands { get; } = operands;

    public Interval[] Numbers { get; } = numbers;

    /// <summary>The exponents of a product.</summary>
    public Rational[] Exponents { get; init; } = [];

    public ScalarFunctionKind Function { get; init; }
}
