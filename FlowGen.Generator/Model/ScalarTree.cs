using FlowGen.Generator.Helpers;

namespace FlowGen.Generator.Model;

/// <summary>A user's function of one number as it is written: the value that a method's body comes to.</summary>
internal abstract record ScalarTree;

/// <summary>A number.</summary>
/// <param name="Value">Its value in the precision that it was written in.</param>
internal sealed record ScalarNumber(double Value) : ScalarTree;

/// <summary>The function's argument.</summary>
internal sealed record ScalarVariable : ScalarTree;

/// <summary>Operators.</summary>
internal enum ScalarOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// <summary>An operator with two operands.</summary>
internal sealed record ScalarOperation(ScalarOperator Operator, ScalarTree Left, ScalarTree Right) : ScalarTree;

/// <summary>A change of sign.</summary>
internal sealed record ScalarNegation(ScalarTree Operand) : ScalarTree;

/// <summary>A call of a function of System.MathF or System.Math.</summary>
/// <param name="Name">The name of the method of System.Math.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ScalarCall(string Name, EquatableArray<ScalarTree> Arguments) : ScalarTree;

/// <summary>One of two, by a condition.</summary>
internal sealed record ScalarChoice(ScalarCondition Condition, ScalarTree Then, ScalarTree Else) : ScalarTree;

/// <summary>A condition.</summary>
internal abstract record ScalarCondition;

/// <summary>left &lt; right, or left &lt;= right where equal ones count.</summary>
internal sealed record ScalarLess(ScalarTree Left, ScalarTree Right, bool OrEqual) : ScalarCondition;

/// <summary>left = right.</summary>
internal sealed record ScalarEqual(ScalarTree Left, ScalarTree Right) : ScalarCondition;

/// <summary>Not.</summary>
internal sealed record ScalarNot(ScalarCondition Operand) : ScalarCondition;

/// <summary>Both.</summary>
internal sealed record ScalarBoth(ScalarCondition Left, ScalarCondition Right) : ScalarCondition;

/// <summary>Always or never.</summary>
internal sealed record ScalarTruth(bool Value) : ScalarCondition;
