namespace FlowGen.Generator.Verification.Scalars;

/// <summary>Multiplies sums out, so that what is large in one term meets what is small in it.</summary>
internal static class Expansion
{
    private const int MostTerms = 48;

    /// <summary>The expression as a sum of products, as far as that stays short.</summary>
    public static Expression Of(Expression value)
    {
        var done = new Dictionary<string, Expression>(StringComparer.Ordinal);
        return Expand(value);

        Expression Expand(Expression part)
        {
            if (!part.Varies)
            {
                return part;
            }

            if (!done.TryGetValue(part.Key, out var result))
            {
                result = part switch
                {
                    Sum sum => Algebra.Sum(sum.Constant, sum.Terms.Select(term => new Term(term.Coefficient, Expand(term.Factor)))),
                    Product product => Distribute(product),
                    Function function => Algebra.Apply(function.Kind, Expand(function.Argument)),
                    _ => part,
                };
                done.Add(part.Key, result);
            }

            return result;
        }

        Expression Distribute(Product product)
        {
            var sums = new List<Sum>();
            var others = new List<Power>();
            foreach (var factor in product.Factors)
            {
                var inner = Expand(factor.Base);
                if (inner is Sum sum && factor.Exponent.SmallInteger is > 0 and <= 8 and var times)
                {
                    sums.AddRange(Enumerable.Repeat(sum, times));
                }
                else
                {
                    others.Add(new(inner, factor.Exponent));
                }
            }

            var whole = ProductForm.Make(others);
            foreach (var sum in sums)
            {
                if (Terms(whole) * Terms(sum) > MostTerms)
                {
                    return product;
                }

                var left = Split(whole);
                whole = Algebra.Add([.. left.SelectMany(_ => Split(sum), static (a, b) => Algebra.Multiply(a, b))]);
            }

            return whole;
        }
    }

    private static int Terms(Expression value) => value is Sum sum ? sum.Terms.Count + 1 : 1;

    private static IEnumerable<Expression> Split(Expression value) => value is Sum sum
        ? sum.Terms.Select(static term => Algebra.Scale(term.Coefficient, term.Factor)).Append(Algebra.Number(sum.Constant))
        : [value];
}
