using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Emission;

/// <summary>Prints a user's function as it was written, in double precision: not as it was simplified, so that it can judge that.</summary>
internal static class TreePrinter
{
    /// <summary>The function as C# text in x.</summary>
    public static string Print(ScalarTree tree) => tree switch
    {
        ScalarNumber number => Number(number.Value),
        ScalarVariable => "x",
        ScalarNegation negation => $"(-{Print(negation.Operand)})",
        ScalarOperation operation => $"({Print(operation.Left)} {Symbol(operation.Operator)} {Print(operation.Right)})",
        ScalarCall call => $"global::System.Math.{call.Name}({string.Join(", ", call.Arguments.Select(Print))})",
        _ => Print((ScalarChoice)tree),
    };

    private static string Print(ScalarChoice choice) => $"({Print(choice.Condition)} ? {Print(choice.Then)} : {Print(choice.Else)})";

    private static string Print(ScalarCondition condition) => condition switch
    {
        ScalarLess less => $"({Print(less.Left)} {(less.OrEqual ? "<=" : "<")} {Print(less.Right)})",
        ScalarEqual equal => $"({Print(equal.Left)} == {Print(equal.Right)})",
        ScalarNot not => $"!{Print(not.Operand)}",
        ScalarBoth both => $"({Print(both.Left)} && {Print(both.Right)})",
        _ => ((ScalarTruth)condition).Value ? "true" : "false",
    };

    private static char Symbol(ScalarOperator kind) => kind switch
    {
        ScalarOperator.Add => '+',
        ScalarOperator.Subtract => '-',
        ScalarOperator.Multiply => '*',
        _ => '/',
    };

    private static string Number(double value)
    {
        string text = Literals.Of(value);
        text = text.IndexOfAny(['.', 'E']) < 0 ? text + ".0" : text;
        return value < 0 ? $"({text})" : text;
    }
}
