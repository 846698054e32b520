using FlowGen.Generator.Model;

namespace FlowGen.Generator.Verification.Scalars;

/// <summary>Divides the line where a function's conditions change.</summary>
internal static class PiecewiseReader
{
    private const int MostJoints = 64;

    /// <summary>The pieces of a function, or why there are none.</summary>
    public static PiecewiseForm? Read(ScalarTree tree, out string problem)
    {
        var joints = new SortedSet<Rational>();
        problem = "";
        while (true)
        {
            try
            {
                return Read(tree, joints);
            }
            catch (NewJointsException found)
            {
                int before = joints.Count;
                joints.UnionWith(found.Joints);
                if (joints.Count == before || joints.Count > MostJoints)
                {
                    problem = "it has too many conditions";
                    return null;
                }
            }
            catch (UndecidedException undecided)
            {
                problem = undecided.Message;
                return null;
            }
        }
    }

    private static PiecewiseForm Read(ScalarTree tree, SortedSet<Rational> joints)
    {
        var ends = joints.Select(static joint => (Rational?)joint).Prepend(null).Append(null).ToList();
        var pieces = new List<Piece>();
        var meetings = new List<Joint>();
        for (int i = 0; i + 1 < ends.Count; i++)
        {
            var region = new Piece(ends[i], ends[i + 1], Algebra.Zero, []);
            var reader = new TreeReader(difference => Decide(difference, region));
            var piece = region with { Value = reader.Read(tree), Conditions = reader.Conditions };
            if (ends[i] is { } at)
            {
                var there = new TreeReader(difference => SignAt(difference, at));
                var joint = new Joint(at, Algebra.Substitute(there.Read(tree), Algebra.Number(at)), there.Conditions);
                var before = pieces[pieces.Count - 1];

                // No joint where nothing changes: x * x / x is x, but asks for more.
                if (before.Value.Equals(piece.Value) && before.Conditions.SequenceEqual(piece.Conditions) && joint.Conditions.SequenceEqual(piece.Conditions) && joint.Value.Equals(Algebra.Substitute(piece.Value, Algebra.Number(at))))
                {
                    pieces[pieces.Count - 1] = before with { To = piece.To };
                    continue;
                }

                meetings.Add(joint);
            }

            pieces.Add(piece);
        }

        return new PiecewiseForm(pieces, meetings);
    }

    // The sign of a difference everywhere between two joints; where it changes, there are more of them.
    private static int Decide(Expression difference, Piece region)
    {
        if (difference is Constant constant)
        {
            return constant.Value.Sign;
        }

        if (Roots(difference) is { } roots)
        {
            var inside = roots.Where(root => (region.From is not { } from || root > from) && (region.To is not { } to || root < to)).ToList();
            return inside.Count == 0 ? SignAt(difference, region.Inside) : throw new NewJointsException(inside);
        }

        // Not a polynomial of low degree: unless it keeps its sign, where it changes is not known exactly.
        return SignSearch.Run(difference, region, 0) is { Outcome: SignOutcome.Proven } proof
            ? proof.Sign
            : throw new UndecidedException("a condition in it does not compare linear or quadratic functions with fractions as roots");
    }

    private static int SignAt(Expression difference, Rational at)
    {
        var value = Algebra.Substitute(difference, Algebra.Number(at));
        if (value is Constant constant)
        {
            return constant.Value.Sign;
        }

        var range = new Tape(value, isPositive: false).At(0);
        return range.IsPositive ? 1 : range.IsNegative ? -1 : throw new UndecidedException("a condition in it compares numbers that are too close to tell apart");
    }

    // Roots that are fractions, of polynomials up to the second degree.
    private static List<Rational>? Roots(Expression value)
    {
        var coefficients = new Rational[3];
        var (constant, terms) = value is Sum sum ? (sum.Constant, sum.Terms) : (Rational.Zero, [new Term(Rational.One, value)]);
        coefficients[0] = constant;
        foreach (var (coefficient, factor) in terms)
        {
            int degree = factor is Variable ? 1 : factor is Product { Factors: [{ Base: Variable, Exponent: var exponent }] } && exponent.SmallInteger == 2 ? 2 : 0;
            if (degree == 0)
            {
                return null;
            }

            coefficients[degree] += coefficient;
        }

        var (c, b, a) = (coefficients[0], coefficients[1], coefficients[2]);
        if (a.IsZero)
        {
            return b.IsZero ? [] : [-c / b];
        }

        var discriminant = (b * b) - (Rational.Of(4) * a * c);
        if (discriminant.Sign < 0)
        {
            return [];
        }

        return discriminant.Root() is { } root ? [(-b - root) / (a + a), (-b + root) / (a + a)] : null;
    }

    private sealed class NewJointsException(IReadOnlyList<Rational> joints) : Exception
    {
        public IReadOnlyList<Rational> Joints { get; } = joints;
    }

    private sealed class UndecidedException(string message) : Exception(message);
}
