using FlowGen.Generator.Helpers;
using FlowGen.Generator.Verification.Scalars;

namespace FlowGen.Generator.Emission;

/// <summary>Prints an expression as statements: what is used more than once gets a name.</summary>
/// <param name="lanes">For vectors of floats, or for doubles.</param>
/// <param name="math">Whose elementary functions those of vectors are.</param>
internal sealed class ScalarPrinter(bool lanes, string math = ScalarPrinter.Inlined)
{
    /// <summary>Elementary functions where they stand.</summary>
    public const string Inlined = "TMath";

    /// <summary>Elementary functions as calls.</summary>
    public const string Called = "LaneCalls<V, TMath>";

    private const string Double = "global::System.Math";

    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    private readonly Dictionary<string, int> uses = new(StringComparer.Ordinal);

    private readonly List<string> statements = [];

    /// <summary>The statements before the result.</summary>
    public IReadOnlyList<string> Statements => statements;

    /// <summary>The elementary functions that were printed for vectors; those that reduce their arguments first count three times.</summary>
    public int Calls { get; private set; }

    /// <summary>The operators and the names that were printed.</summary>
    public int Operations { get; private set; }

    /// <summary>The result as C# text.</summary>
    public string Print(Expression value)
    {
        CountUses(value);
        return Outermost(Text(value));
    }

    /// <summary>A number as C# text.</summary>
    public string Number(double value) => lanes ? $"V.Create({Literals.Single(value)})"
        : double.IsInfinity(value) ? $"double.{(value > 0 ? "PositiveInfinity" : "NegativeInfinity")}"
        : Literals.Of(value) + (Literals.Of(value).IndexOfAny(['.', 'E']) < 0 ? ".0" : "");

    private void CountUses(Expression value)
    {
        uses[value.Key] = uses.TryGetValue(value.Key, out int count) ? count + 1 : 1;
        if (count > 0 || !value.Varies)
        {
            return;
        }

        switch (value)
        {
            case Sum sum:
                foreach (var term in sum.Terms)
                {
                    CountUses(term.Factor);
                }

                break;
            case Product product:
                foreach (var factor in product.Factors)
                {
                    CountUses(factor.Base);
                }

                break;
            case Function function:
                CountUses(function.Argument);
                break;
        }
    }

    private string Text(Expression value)
    {
        if (!value.Varies)
        {
            var range = new Tape(value, isPositive: false).At(0);
            return Number(range.IsPoint ? range.Low : range.Low + ((range.High - range.Low) / 2));
        }

        if (value is Variable)
        {
            return "x";
        }

        if (names.TryGetValue(value.Key, out string? name))
        {
            return name;
        }

        string text = value switch
        {
            Sum sum => SumText(sum),
            Product product => ProductText(product),
            _ => FunctionText((Function)value),
        };
        return uses[value.Key] > 1 ? Name(value.Key, text) : text;
    }

    private string Name(string key, string text)
    {
        if (!names.TryGetValue(key, out string? name))
        {
            Operations++;
            name = $"t{Literals.Of(names.Count)}";
            names.Add(key, name);
            statements.Add($"{(lanes ? "V" : "double")} {name} = {Outermost(text)};");
        }

        return name;
    }

    private string SumText(Sum sum)
    {
        // e^u - 1 together, which keeps the digits of a small u.
        var constant = sum.Constant;
        string text = "";
        foreach (var term in sum.Terms)
        {
            bool together = lanes && term.Factor is Function { Kind: ScalarFunctionKind.Exp } && (term.Coefficient + constant).IsZero && !constant.IsZero;
            if (together)
            {
                constant = Rational.Zero;
            }

            string factor = together ? Call("Expm1", Text(((Function)term.Factor).Argument)) : Text(term.Factor);
            Append(term.Coefficient, factor);
        }

        if (!constant.IsZero)
        {
            Operations++;
            bool negative = constant.Sign < 0;
            string number = Number((negative ? -constant : constant).ToDouble());
            text = negative ? $"{text} - {number}" : $"{text} + {number}";
        }

        return $"({text})";

        void Append(Rational coefficient, string factor)
        {
            bool negative = coefficient.Sign < 0;
            var magnitude = negative ? -coefficient : coefficient;
            Operations += (magnitude.IsOne ? 0 : 1) + (text.Length == 0 ? 0 : 1);
            string scaled = magnitude.IsOne ? factor : $"({Number(magnitude.ToDouble())} * {factor})";
            text = text.Length == 0 ? (negative ? $"-{scaled}" : scaled) : negative ? $"{text} - {scaled}" : $"{text} + {scaled}";
        }
    }

    private string ProductText(Product product)
    {
        var above = product.Factors.Where(static factor => factor.Exponent.Sign > 0).Select(factor => Power(factor.Base, factor.Exponent)).ToList();
        var below = product.Factors.Where(static factor => factor.Exponent.Sign < 0).Select(factor => Power(factor.Base, -factor.Exponent)).ToList();
        Operations += Math.Max(above.Count, 1) + below.Count - 1;
        string top = above.Count == 0 ? Number(1) : string.Join(" * ", above);
        return below.Count == 0 ? (above.Count == 1 ? top : $"({top})")
            : $"({(above.Count > 1 ? $"({top})" : top)} / {(below.Count == 1 ? below[0] : $"({string.Join(" * ", below)})")})";
    }

    private string Power(Expression value, Rational exponent)
    {
        string text = Text(value);
        if (exponent.IsOne)
        {
            return text;
        }

        if (exponent.SmallInteger is { } whole)
        {
            string factor = value is Variable || names.ContainsValue(text) ? text : Name(value.Key, text);
            return Repeat(value.Key, factor, whole);
        }

        if (exponent == Rational.Half)
        {
            return $"{(lanes ? "V" : Double)}.Sqrt({Outermost(text)})";
        }

        string half = exponent.Denominator == 2 ? Name($"{value.Key}^1/2", $"{(lanes ? "V" : Double)}.Sqrt({Outermost(text)})") : "";
        return half.Length > 0 && (exponent * Rational.Of(2)).SmallInteger is { } halves ? Repeat($"{value.Key}^1/2", half, halves)
            : lanes ? Call("Exp", Times(Number(exponent.ToDouble()), Call("Log", text)))
            : $"{Double}.Pow({Outermost(text)}, {Number(exponent.ToDouble())})";
    }

    // By squares.
    private string Repeat(string key, string factor, int times)
    {
        switch (times)
        {
            case 1:
                return factor;
            case 2:
                return Times(factor, factor);
            default:
                string square = names.TryGetValue($"{key}^2", out string? name) ? name : Name($"{key}^2", Times(factor, factor));
                string rest = Repeat($"{key}^2", square, times / 2);
                return times % 2 == 0 ? rest : Times(rest, factor);
        }
    }

    private string Times(string left, string right)
    {
        Operations++;
        return $"({left} * {right})";
    }

    private string Call(string function, string argument)
    {
        Calls += function is "Sin" or "Cos" or "Tan" ? 3 : 1;
        return $"{math}.{function}({Outermost(argument)})";
    }

    private string FunctionText(Function function)
    {
        if (lanes && function is { Kind: ScalarFunctionKind.Log, Argument: Sum { Constant.IsOne: true } sum })
        {
            var rest = Algebra.Subtract(sum, Algebra.One);
            CountUses(rest);
            return Call("Log1p", Text(rest));
        }

        string text = Text(function.Argument);
        if (lanes)
        {
            return Call(function.Kind.ToString(), text);
        }

        string argument = Outermost(text);
        return function.Kind switch
        {
            ScalarFunctionKind.Sigmoid => $"(1.0 / (1.0 + {Double}.Exp(-({argument}))))",
            ScalarFunctionKind.Softplus => $"({Double}.Max({argument}, 0.0) + {Double}.Log(1.0 + {Double}.Exp(-{Double}.Abs({argument}))))",
            ScalarFunctionKind.Sech2 => $"(1.0 / ({Double}.Cosh({argument}) * {Double}.Cosh({argument})))",
            _ => $"{Double}.{function.Kind}({argument})",
        };
    }

    // Without brackets around all of it.
    private static string Outermost(string text)
    {
        if (text.Length == 0 || text[0] != '(')
        {
            return text;
        }

        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i == text.Length - 1 ? text.Substring(1, text.Length - 2) : text;
            }
        }

        return text;
    }
}
