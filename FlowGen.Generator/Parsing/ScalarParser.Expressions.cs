using System.Collections.Immutable;
using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace FlowGen.Generator.Parsing;

/// <content>Expressions and conditions.</content>
internal sealed partial class ScalarParser
{
    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "Exp", "Log", "Log2", "Log10", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh", "Sqrt", "Cbrt", "Pow", "FusedMultiplyAdd",
    };

    private static readonly HashSet<string> Steps = new(StringComparer.Ordinal) { "Floor", "Ceiling", "Round", "Truncate", "Sign" };

    private ScalarTree Value(IOperation operation, ImmutableDictionary<ISymbol, ScalarTree> values)
    {
        Enter();
        var value = Read(operation, values);
        nesting--;
        return value;
    }

    private ScalarTree Read(IOperation operation, ImmutableDictionary<ISymbol, ScalarTree> values)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } constant })
        {
            return Number(operation, constant);
        }

        switch (operation)
        {
            case IParenthesizedOperation parenthesized:
                return Value(parenthesized.Operand, values);
            case ILocalReferenceOperation local when values.TryGetValue(local.Local, out var value):
                return Reuse(value);
            case IParameterReferenceOperation parameter when values.TryGetValue(parameter.Parameter, out var value):
                return Reuse(value);
            case { Kind: OperationKind.Invalid }:
                throw new NotReadableException();
        }

        if (!IsReal(operation.Type))
        {
            throw Refuse(operation, $"it is of type {operation.Type?.ToDisplayString() ?? "none"}, and only float and double are read");
        }

        switch (operation)
        {
            case IConversionOperation { OperatorMethod: null } conversion:
                return Value(conversion.Operand, values);
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Minus } minus:
                return Count(new ScalarNegation(Value(minus.Operand, values)));
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Plus } plus:
                return Value(plus.Operand, values);
            case IBinaryOperation { OperatorMethod: null } binary:
                return Operate(binary, binary.OperatorKind, Value(binary.LeftOperand, values), Value(binary.RightOperand, values));
            case IConditionalOperation { IsRef: false, WhenFalse: { } otherwise } choice:
                return Count(new ScalarChoice(Condition(choice.Condition, values), Value(choice.WhenTrue, values), Value(otherwise, values)));
            case ISwitchExpressionOperation choice:
                return Arms(choice, 0, Value(choice.Value, values), values);
            case IInvocationOperation call:
                return Call(call, [.. call.Arguments.OrderBy(static argument => argument.Parameter?.Ordinal).Select(argument => Value(argument.Value, values))]);
            case IFieldReferenceOperation or IPropertyReferenceOperation:
                throw Refuse(operation, "it is not a constant, so what is proved today could be wrong tomorrow");
            default:
                throw Refuse(operation, "only arithmetic, conditions, constants and calls are read");
        }
    }

    private static bool IsReal(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    // A float is kept with its own value: 0.1f is not one tenth.
    private ScalarNumber Number(IOperation operation, object constant)
    {
        double value = constant switch
        {
            float number => number,
            double number => number,
            int number => number,
            uint number => number,
            short number => number,
            ushort number => number,
            byte number => number,
            sbyte number => number,
            long number when Math.Abs(number) <= 1L << 53 => number,
            _ => throw Refuse(operation, "only numbers that are float or double are read"),
        };
        return double.IsNaN(value) || double.IsInfinity(value) ? throw Refuse(operation, "it is not a finite number")
            : float.IsInfinity((float)value) || ((float)value == 0 && value != 0) ? throw Refuse(operation, "single precision, in which a flow computes, has no such number")
            : Count(new ScalarNumber(value));
    }

    // What a local stands for counts as often as it is used.
    private ScalarTree Reuse(ScalarTree tree)
    {
        nodes += Size(tree, MostNodes) - 1;
        return Count(tree);
    }

    private static int Size(ScalarTree tree, int limit) => limit <= 0 ? 1 : tree switch
    {
        ScalarNegation negation => 1 + Size(negation.Operand, limit - 1),
        ScalarOperation operation => SizeOf([operation.Left, operation.Right], limit),
        ScalarCall call => SizeOf(call.Arguments, limit),
        ScalarChoice choice => SizeOf([choice.Then, choice.Else], limit) + Size(choice.Condition, limit),
        _ => 1,
    };

    private static int Size(ScalarCondition condition, int limit) => condition switch
    {
        ScalarLess less => SizeOf([less.Left, less.Right], limit),
        ScalarEqual equal => SizeOf([equal.Left, equal.Right], limit),
        ScalarNot not => Size(not.Operand, limit),
        ScalarBoth both => Size(both.Left, limit) + Size(both.Right, limit),
        _ => 1,
    };

    private static int SizeOf(IEnumerable<ScalarTree> parts, int limit)
    {
        int size = 1;
        foreach (var part in parts)
        {
            size += Size(part, limit - size);
        }

        return size;
    }

    private ScalarTree Operate(IOperation operation, BinaryOperatorKind kind, ScalarTree left, ScalarTree right) => Count(new ScalarOperation(
        kind switch
        {
            BinaryOperatorKind.Add => ScalarOperator.Add,
            BinaryOperatorKind.Subtract => ScalarOperator.Subtract,
            BinaryOperatorKind.Multiply => ScalarOperator.Multiply,
            BinaryOperatorKind.Divide => ScalarOperator.Divide,
            _ => throw Refuse(operation, "of the operators, + - * / are read"),
        },
        left,
        right));

    private ScalarTree Call(IInvocationOperation call, ScalarTree[] arguments)
    {
        // A class of the user's may have the name of one of the framework's.
        var method = call.TargetMethod;
        if (!method.DeclaringSyntaxReferences.IsEmpty || method.ContainingType is not { ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true }, Name: "MathF" or "Math" or "Single" or "Double" })
        {
            return !method.IsStatic || method.IsGenericMethod || method.Parameters.Any(static parameter => parameter.RefKind != RefKind.None || !IsReal(parameter.Type))
                ? throw Refuse(call, "only static methods of float are followed")
                : Inline(method.PartialImplementationPart ?? method, arguments, call);
        }

        string name = method.Name;
        switch (name)
        {
            case "Abs":
                return Count(new ScalarChoice(new ScalarLess(arguments[0], new ScalarNumber(0), OrEqual: false), new ScalarNegation(arguments[0]), arguments[0]));
            case "Max":
                return Count(new ScalarChoice(new ScalarLess(arguments[0], arguments[1], OrEqual: false), arguments[1], arguments[0]));
            case "Min":
                return Count(new ScalarChoice(new ScalarLess(arguments[1], arguments[0], OrEqual: false), arguments[1], arguments[0]));
            case "Clamp":
                var lifted = new ScalarChoice(new ScalarLess(arguments[0], arguments[1], OrEqual: false), arguments[1], arguments[0]);
                return Count(new ScalarChoice(new ScalarLess(arguments[2], arguments[0], OrEqual: false), arguments[2], lifted));
            case "ExpM1":
                return Count(new ScalarOperation(ScalarOperator.Subtract, new ScalarCall("Exp", arguments.ToEquatableArray()), new ScalarNumber(1)));
            case "LogP1":
                return Count(new ScalarCall("Log", new EquatableArray<ScalarTree>([new ScalarOperation(ScalarOperator.Add, new ScalarNumber(1), arguments[0])])));
            case "MultiplyAddEstimate":
                return Count(new ScalarCall("FusedMultiplyAdd", arguments.ToEquatableArray()));
        }

        if (Steps.Contains(name))
        {
            throw Refuse(call, $"{name} is constant between its jumps");
        }

        return Functions.Contains(name) ? Count(new ScalarCall(name, arguments.ToEquatableArray())) : throw Refuse(call, $"its derivative is not known for {name}");
    }

    private ScalarTree Arms(ISwitchExpressionOperation choice, int index, ScalarTree subject, ImmutableDictionary<ISymbol, ScalarTree> values)
    {
        if (index == choice.Arms.Length || choice.Arms[index].Guard is not null)
        {
            throw Refuse(choice, "a switch is read if its patterns compare with constants, without 'when', and its last arm takes the rest");
        }

        var arm = choice.Arms[index];
        var result = Value(arm.Value, values);
        return arm.Pattern is IDiscardPatternOperation ? result : Count(new ScalarChoice(Pattern(arm.Pattern, subject), result, Arms(choice, index + 1, subject, values)));
    }

    private ScalarCondition Condition(IOperation operation, ImmutableDictionary<ISymbol, ScalarTree> values)
    {
        Enter();
        var condition = ReadCondition(operation, values);
        nesting--;
        return condition;
    }

    private ScalarCondition ReadCondition(IOperation operation, ImmutableDictionary<ISymbol, ScalarTree> values)
    {
        switch (operation)
        {
            case { ConstantValue: { HasValue: true, Value: bool truth } }:
                return new ScalarTruth(truth);
            case IParenthesizedOperation parenthesized:
                return Condition(parenthesized.Operand, values);
            case IUnaryOperation { OperatorMethod: null, OperatorKind: UnaryOperatorKind.Not } not:
                return Count(new ScalarNot(Condition(not.Operand, values)));
            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And } both:
                return Count(new ScalarBoth(Condition(both.LeftOperand, values), Condition(both.RightOperand, values)));
            case IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or } either:
                return Count(new ScalarNot(new ScalarBoth(new ScalarNot(Condition(either.LeftOperand, values)), new ScalarNot(Condition(either.RightOperand, values)))));
            case IBinaryOperation { OperatorMethod: null } comparison when IsReal(comparison.LeftOperand.Type) && IsReal(comparison.RightOperand.Type):
                return Compare(operation, comparison.OperatorKind, Value(comparison.LeftOperand, values), Value(comparison.RightOperand, values));
            case IIsPatternOperation match:
                return Pattern(match.Pattern, Value(match.Value, values));
            default:
                throw Refuse(operation, "of the conditions, comparisons of numbers are read");
        }
    }

    private ScalarCondition Pattern(IPatternOperation pattern, ScalarTree subject)
    {
        switch (pattern)
        {
            case IRelationalPatternOperation { Value.ConstantValue: { HasValue: true, Value: { } constant } } relation:
                return Compare(pattern, relation.OperatorKind, subject, Number(relation.Value, constant));
            case IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: { } constant } } equal:
                return Count(new ScalarEqual(subject, Number(equal.Value, constant)));
            case INegatedPatternOperation negated:
                return Count(new ScalarNot(Pattern(negated.Pattern, subject)));
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both:
                return Count(new ScalarBoth(Pattern(both.LeftPattern, subject), Pattern(both.RightPattern, subject)));
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either:
                return Count(new ScalarNot(new ScalarBoth(new ScalarNot(Pattern(either.LeftPattern, subject)), new ScalarNot(Pattern(either.RightPattern, subject)))));
            case IDiscardPatternOperation:
                return new ScalarTruth(true);
            default:
                throw Refuse(pattern, "of the patterns, comparisons with constants are read");
        }
    }

    private ScalarCondition Compare(IOperation operation, BinaryOperatorKind kind, ScalarTree left, ScalarTree right) => Count<ScalarCondition>(kind switch
    {
        BinaryOperatorKind.LessThan => new ScalarLess(left, right, OrEqual: false),
        BinaryOperatorKind.LessThanOrEqual => new ScalarLess(left, right, OrEqual: true),
        BinaryOperatorKind.GreaterThan => new ScalarLess(right, left, OrEqual: false),
        BinaryOperatorKind.GreaterThanOrEqual => new ScalarLess(right, left, OrEqual: true),
        BinaryOperatorKind.Equals => new ScalarEqual(left, right),
        BinaryOperatorKind.NotEquals => new ScalarNot(new ScalarEqual(left, right)),
        _ => throw Refuse(operation, "of the conditions, comparisons of numbers are read"),
    });
}
