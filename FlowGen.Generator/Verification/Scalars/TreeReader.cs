using FlowGen.Generator.Model;
using static FlowGen.Generator.Verification.Scalars.Algebra;
using static FlowGen.Generator.Verification.Scalars.ScalarFunctionKind;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>Turns a tree into an expression where its conditions are decided, and notes what its operations ask for.</summary>
/// <param name="decide">Decides a comparison by the sign of left - right.</param>
internal sealed class TreeReader(Func<Expression, int> decide)
{
    private static readonly Dictionary<string, ScalarFunctionKind> Functions = new(StringComparer.Ordinal)
    {
        ["Exp"] = Exp,
        ["Sin"] = Sin,
        ["Cos"] = Cos,
        ["Atan"] = Atan,
        ["Sinh"] = Sinh,
        ["Cosh"] = Cosh,
        ["Tanh"] = Tanh,
        ["Asinh"] = Asinh,
    };

    private readonly List<DomainCondition> conditions = [];

    // Locals are read once for every use, so equal trees are one.
    private readonly Dictionary<ScalarTree, Expression> read = new(ReferenceComparer.Instance);

    /// <summary>What the operations ask for, inner ones first.</summary>
    public IReadOnlyList<DomainCondition> Conditions => conditions;

    /// <summary>The expression.</summary>
    public Expression Read(ScalarTree tree)
    {
        if (!read.TryGetValue(tree, out var value))
        {
            value = tree switch
            {
                ScalarNumber number => Number(Rational.Of(number.Value)),
                ScalarVariable => X,
                ScalarNegation negation => Negate(Read(negation.Operand)),
                ScalarOperation operation => Operate(operation.Operator, Read(operation.Left), Read(operation.Right)),
                ScalarChoice choice => Read(Holds(choice.Condition) ? choice.Then : choice.Else),
                ScalarCall call => Call(call.Name, [.. call.Arguments.Select(Read)]),
                _ => throw new InvalidOperationException(),
            };
            read.Add(tree, value);
        }

        return value;
    }

    private bool Holds(ScalarCondition condition) => condition switch
    {
        ScalarLess less => decide(Subtract(Read(less.Left), Read(less.Right))) is var sign && (sign < 0 || (less.OrEqual && sign == 0)),
        ScalarEqual equal => decide(Subtract(Read(equal.Left), Read(equal.Right))) == 0,
        ScalarNot not => !Holds(not.Operand),
        ScalarBoth both => Holds(both.Left) && Holds(both.Right),
        _ => ((ScalarTruth)condition).Value,
    };

    private Expression Operate(ScalarOperator kind, Expression left, Expression right)
    {
        switch (kind)
        {
            case ScalarOperator.Add:
                return Add(left, right);
            case ScalarOperator.Subtract:
                return Subtract(left, right);
            case ScalarOperator.Multiply:
                return Multiply(left, right);
            default:
                Require(DomainRule.Divisor, right);
                return Divide(left, right);
        }
    }

    private Expression Call(string name, Expression[] arguments)
    {
        var u = arguments[0];
        switch (name)
        {
            case "Log" when arguments.Length == 2:
                return Operate(ScalarOperator.Divide, Call("Log", [u]), Call("Log", [arguments[1]]));
            case "Log":
                Require(DomainRule.Logarithm, u);
                return Apply(Log, u);
            case "Log2":
                return Operate(ScalarOperator.Divide, Call("Log", [u]), Apply(Log, Number(2)));
            case "Log10":
                return Operate(ScalarOperator.Divide, Call("Log", [u]), Apply(Log, Number(10)));
            case "Sqrt":
                Require(DomainRule.SquareRoot, u);
                return Sqrt(u);
            case "Cbrt":
                Require(DomainRule.CubeRoot, u);
                return Apply(Cbrt, u);
            case "Tan":
                Require(DomainRule.Cosine, Apply(Cos, u));
                return Apply(Tan, u);
            case "Asin" or "Acos" or "Atanh":
                Require(DomainRule.Unit, Subtract(One, u));
                Require(DomainRule.Unit, Add(One, u));
                return Apply(name == "Asin" ? Asin : name == "Acos" ? Acos : Atanh, u);
            case "Acosh":
                Require(DomainRule.AboveOne, Subtract(u, One));
                return Apply(Acosh, u);
            case "FusedMultiplyAdd":
                return Add(Multiply(u, arguments[1]), arguments[2]);
            case "Pow":
                return Power(u, arguments[1]);
            default:
                return Apply(Functions[name], u);
        }
    }

    private Expression Power(Expression value, Expression exponent)
    {
        if (exponent is Constant number)
        {
            if (number.Value.SmallInteger is { } whole)
            {
                if (whole < 0)
                {
                    Require(DomainRule.Divisor, value);
                }

                return whole == 0 ? One : Raise(value, whole);
            }

            Require(number.Value.Sign > 0 ? DomainRule.PositivePower : DomainRule.Logarithm, value);
            return Raise(value, number.Value);
        }

        Require(DomainRule.Logarithm, value);
        return Apply(Exp, Multiply(exponent, Apply(Log, value)));
    }

    private void Require(DomainRule rule, Expression quantity)
    {
        if (!IsPositive(quantity) && !conditions.Exists(other => other.Rule == rule && other.Quantity.Equals(quantity)))
        {
            conditions.Add(new(rule, quantity));
        }
    }

    private sealed class ReferenceComparer : IEqualityComparer<ScalarTree>
    {
        public static ReferenceComparer Instance { get; } = new();

        public bool Equals(ScalarTree x, ScalarTree y) => ReferenceEquals(x, y);

        public int GetHashCode(ScalarTree value) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value);
    }
}
