using FlowGen.Generator.Model;

namespace FlowGen.Tests.Scalars;

/// <summary>Evaluates trees in double precision, with nothing of the prover.</summary>
internal static class ScalarEvaluation
{
    public static double Value(ScalarTree tree, double x) => tree switch
    {
        ScalarNumber number => number.Value,
        ScalarVariable => x,
        ScalarNegation negation => -Value(negation.Operand, x),
        ScalarOperation { Operator: ScalarOperator.Add } sum => Value(sum.Left, x) + Value(sum.Right, x),
        ScalarOperation { Operator: ScalarOperator.Subtract } difference => Value(difference.Left, x) - Value(difference.Right, x),
        ScalarOperation { Operator: ScalarOperator.Multiply } product => Value(product.Left, x) * Value(product.Right, x),
        ScalarOperation quotient => Value(quotient.Left, x) / Value(quotient.Right, x),
        ScalarChoice choice => Value(Holds(choice.Condition, x) ? choice.Then : choice.Else, x),
        ScalarCall call => (double)typeof(Math).GetMethod(call.Name, [.. call.Arguments.Select(static _ => typeof(double))])!
            .Invoke(null, [.. call.Arguments.Select(argument => (object)Value(argument, x))])!,
        _ => throw new NotSupportedException(),
    };

    /// <summary>The largest number on the way to the value: rounding errors are relative to it.</summary>
    public static double Roughness(ScalarTree tree, double x)
    {
        double parts = tree switch
        {
            ScalarNegation negation => Roughness(negation.Operand, x),
            ScalarOperation { Operator: ScalarOperator.Divide } quotient => Math.Abs(Value(quotient, x)) * (1 + (Roughness(quotient.Left, x) / Math.Max(1e-300, Math.Abs(Value(quotient.Left, x)))) + (Roughness(quotient.Right, x) / Math.Max(1e-300, Math.Abs(Value(quotient.Right, x))))),
            ScalarOperation { Operator: ScalarOperator.Multiply } product => Roughness(product.Left, x) * Roughness(product.Right, x),
            ScalarOperation operation => Roughness(operation.Left, x) + Roughness(operation.Right, x),
            ScalarChoice choice => Roughness(Holds(choice.Condition, x) ? choice.Then : choice.Else, x),
            ScalarCall call => call.Arguments.Max(argument => Roughness(argument, x)) * (1 + Math.Abs(Value(tree, x))),
            _ => 0,
        };
        return Math.Max(parts, Math.Abs(Value(tree, x)));
    }

    /// <summary>Points from far out on the left to far out on the right, dense about 0.</summary>
    public static IEnumerable<double> Samples()
    {
        const int Count = 1500;
        for (int i = -Count; i <= Count; i++)
        {
            double u = (double)i / Count;
            yield return (4 * u) + (Math.Sign(u) * (Math.Exp(9 * u * u) - 1) / 20);
        }
    }

    private static bool Holds(ScalarCondition condition, double x) => condition switch
    {
        ScalarLess less => less.OrEqual ? Value(less.Left, x) <= Value(less.Right, x) : Value(less.Left, x) < Value(less.Right, x),
        ScalarEqual equal => Value(equal.Left, x) == Value(equal.Right, x),
        ScalarNot not => !Holds(not.Operand, x),
        ScalarBoth both => Holds(both.Left, x) && Holds(both.Right, x),
        _ => ((ScalarTruth)condition).Value,
    };
}
