using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>
/// Functions of functions, taken apart: F(x) = g(u(x)) is a diffeomorphism onto its range if g and u are, which may be plain where F is not. What is proved of each holds on the
/// whole line, so that nothing need be known of where u leads.
/// </summary>
internal static class Composition
{
    // Inner functions are tried from the largest on.
    private const int MostAttempts = 3;

    /// <summary>The proof of a function from those of its parts; null if it has none that are proved.</summary>
    /// <param name="tree">The function.</param>
    /// <param name="form">The function in pieces.</param>
    public static ScalarProof? Prove(ScalarTree tree, PiecewiseForm form)
    {
        var parts = new List<ScalarTree>();
        Collect(tree, parts);
        foreach (var inner in parts.Where(part => !part.Equals(tree) && Covers(tree, part)).OrderByDescending(Size).Take(MostAttempts))
        {
            if (ScalarProver.Prove(inner) is { Smoothness: > 0, IsInvertible: true } u
                && ScalarProver.Prove(Replace(tree, inner)) is { Smoothness: > 0, IsInvertible: true } g)
            {
                int sign = g.Sign * u.Sign;
                var range = g.Image(u.Range);
                return new(range != ValueRange.Line ? ScalarVerdict.RangeNotLine : sign > 0 ? ScalarVerdict.Increasing : ScalarVerdict.Decreasing)
                {
                    Sign = sign,
                    Slope = sign > 0 ? new(0, double.PositiveInfinity) : new(double.NegativeInfinity, 0),
                    Range = range,
                    Smoothness = Math.Min(g.Smoothness, u.Smoothness),
                    Form = form,
                };
            }
        }

        return null;
    }

    // Parts that are more than the variable or a number, each once.
    private static void Collect(ScalarTree tree, List<ScalarTree> parts)
    {
        foreach (var child in Children(tree))
        {
            if (child is not (ScalarVariable or ScalarNumber) && !parts.Contains(child))
            {
                parts.Add(child);
                Collect(child, parts);
            }
        }
    }

    // Whether the variable occurs in a part only.
    private static bool Covers(ScalarTree tree, ScalarTree part) => tree.Equals(part) || (tree is not ScalarVariable && Children(tree).All(child => Covers(child, part)));

    private static int Size(ScalarTree tree) => 1 + Children(tree).Sum(Size);

    private static IEnumerable<ScalarTree> Children(ScalarTree tree) => tree switch
    {
        ScalarOperation operation => [operation.Left, operation.Right],
        ScalarNegation negation => [negation.Operand],
        ScalarCall call => call.Arguments,
        ScalarChoice choice => [.. Children(choice.Condition), choice.Then, choice.Else],
        _ => [],
    };

    private static IEnumerable<ScalarTree> Children(ScalarCondition condition) => condition switch
    {
        ScalarLess less => [less.Left, less.Right],
        ScalarEqual equal => [equal.Left, equal.Right],
        ScalarNot not => Children(not.Operand),
        ScalarBoth both => [.. Children(both.Left), .. Children(both.Right)],
        _ => [],
    };

    // The outer function: the variable in the place of the inner one.
    private static ScalarTree Replace(ScalarTree tree, ScalarTree part)
    {
        if (tree.Equals(part))
        {
            return new ScalarVariable();
        }

        return tree switch
        {
            ScalarOperation operation => operation with { Left = Replace(operation.Left, part), Right = Replace(operation.Right, part) },
            ScalarNegation negation => new ScalarNegation(Replace(negation.Operand, part)),
            ScalarCall call => call with { Arguments = new EquatableArray<ScalarTree>([.. call.Arguments.Select(argument => Replace(argument, part))]) },
            ScalarChoice choice => new ScalarChoice(Replace(choice.Condition, part), Replace(choice.Then, part), Replace(choice.Else, part)),
            _ => tree,
        };
    }

    private static ScalarCondition Replace(ScalarCondition condition, ScalarTree part) => condition switch
    {
        ScalarLess less => less with { Left = Replace(less.Left, part), Right = Replace(less.Right, part) },
        ScalarEqual equal => equal with { Left = Replace(equal.Left, part), Right = Replace(equal.Right, part) },
        ScalarNot not => new ScalarNot(Replace(not.Operand, part)),
        ScalarBoth both => new ScalarBoth(Replace(both.Left, part), Replace(both.Right, part)),
        _ => condition,
    };
}
