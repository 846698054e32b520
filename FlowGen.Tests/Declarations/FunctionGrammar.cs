using System.Globalization;

namespace FlowGen.Tests.Declarations;

/// <summary>
/// Random functions of which it is known what they are: sums in which a line outweighs the slopes of all other terms, such sums in each other, pieces that meet as told, and the
/// same with the one thing changed that makes them no bijection. All constants are fractions of 16, so that C# and double precision have the same ones.
/// </summary>
internal static class FunctionGrammar
{
    // Text of a function of U, its value, its slope, and the bounds of that.
    private static readonly (string Code, Func<double, double> Value, Func<double, double> Slope, double Low, double High)[] Atoms =
    [
        ("M.Tanh(U)", Math.Tanh, static u => 1 - (Math.Tanh(u) * Math.Tanh(u)), 0, 1),
        ("M.Atan(U)", Math.Atan, static u => 1 / (1 + (u * u)), 0, 1),
        ("M.Asinh(U)", Math.Asinh, static u => 1 / Math.Sqrt(1 + (u * u)), 0, 1),
        ("1f / (1f + M.Exp(-(U)))", static u => 1 / (1 + Math.Exp(-u)), static u => 1 / (2 + Math.Exp(u) + Math.Exp(-u)), 0, 0.25),
        ("M.Log(1f + M.Exp(U))", static u => Math.Max(u, 0) + Math.Log(1 + Math.Exp(-Math.Abs(u))), static u => 1 / (1 + Math.Exp(-u)), 0, 1),
        ("M.Sin(U)", Math.Sin, Math.Cos, -1, 1),
        ("M.Cos(U)", Math.Cos, static u => -Math.Sin(u), -1, 1),
        ("M.Sqrt(1f + (U) * (U))", static u => Math.Sqrt(1 + (u * u)), static u => u / Math.Sqrt(1 + (u * u)), -1, 1),
        ("(U) / (1f + (U) * (U))", static u => u / (1 + (u * u)), static u => (1 - (u * u)) / Math.Pow(1 + (u * u), 2), -0.125, 1),
        ("M.Exp(-(U) * (U))", static u => Math.Exp(-u * u), static u => -2 * u * Math.Exp(-u * u), -0.858, 0.858),
        ("(U) * (U) * (U)", static u => u * u * u, static u => 3 * u * u, 0, double.PositiveInfinity),
        ("M.Sinh(U)", Math.Sinh, Math.Cosh, 1, double.PositiveInfinity),
        ("M.Exp(U)", Math.Exp, Math.Exp, 0, double.PositiveInfinity),
    ];

    // Functions of U = x - k >= 0 with value 0 and slope 1 at 0 that rise.
    private static readonly (string Code, Func<double, double> Value, Func<double, double> Slope)[] Starts =
    [
        ("U", static u => u, static _ => 1),
        ("M.Sinh(U)", Math.Sinh, Math.Cosh),
        ("M.Tanh(U)", Math.Tanh, static u => 1 - (Math.Tanh(u) * Math.Tanh(u))),
        ("M.Log(1f + (U))", static u => Math.Log(1 + u), static u => 1 / (1 + u)),
        ("(M.Exp(U) - 1f)", static u => Math.Exp(u) - 1, Math.Exp),
        ("((U) + (U) * (U))", static u => u + (u * u), static u => 1 + (2 * u)),
        ("((U) + (U) * (U) * (U))", static u => u + (u * u * u), static u => 1 + (3 * u * u)),
        ("M.Atan(U)", Math.Atan, static u => 1 / (1 + (u * u))),
    ];

    /// <summary>A function of a kind, or of any.</summary>
    public static RandomFunction Create(System.Random random, FunctionKind kind)
    {
        for (int attempt = 0; ; attempt++)
        {
            var function = kind switch
            {
                FunctionKind.Sound => random.Next(6) switch { 0 => Composed(random), 1 => Pieces(random, kind), _ => Sum(random, kind) },
                FunctionKind.Folded => random.Next(4) == 0 ? Pieces(random, kind) : Sum(random, kind),
                FunctionKind.Flat => Flat(random),
                FunctionKind.Undefined => Undefined(random),
                _ => Pieces(random, kind),
            };
            if (kind != FunctionKind.Folded || function.Shows())
            {
                return random.Next(4) == 0 ? Turned(function) : function;
            }
        }
    }

    // a x + b g(c x + d) + ...: the line outweighs the other terms, or it does not.
    private static RandomFunction Sum(System.Random random, FunctionKind kind)
    {
        var terms = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Term(random)).ToList();
        double least = terms.Sum(static term => Math.Min(term.Slope * term.Low, term.Slope * term.High));
        if (double.IsInfinity(least))
        {
            return Sum(random, kind);
        }

        double margin = random.Next(1, kind == FunctionKind.Sound ? 24 : 12) / 16.0;
        double a = kind == FunctionKind.Sound ? (Math.Ceiling(-16 * least) / 16) + margin : Math.Max(1.0 / 16, Math.Ceiling(-16 * least * random.NextDouble()) / 16);
        string code = $"{Of(a)} * x{string.Concat(terms.Select(static term => term.Code))}";
        return new RandomFunction(
            "G",
            random.Next(3) == 0 ? Locals(a, terms) : $"    static float G(float x) => {Expand(code)};\n",
            kind,
            x => (a * x) + terms.Sum(term => term.At(x)),
            x => a + terms.Sum(term => term.SlopeAt(x)));
    }

    private static string Locals(double a, List<TermOfSum> terms)
    {
        string lines = string.Concat(terms.Select(static (term, i) => FormattableString.Invariant($"        float p{i} = 0f{term.Code};\n        y += p{i};\n")));
        return Expand($"    static float G(float x)\n    {{\n        float y = {Of(a)} * x;\n{lines}        return y;\n    }}\n");
    }

    // A sum put into another function that rises, by a call.
    private static RandomFunction Composed(System.Random random)
    {
        var inner = Sum(random, FunctionKind.Sound);
        (string Code, Func<double, double> Value, Func<double, double> Slope)[] outer =
        [
            ("M.Asinh(y)", Math.Asinh, static y => 1 / Math.Sqrt(1 + (y * y))),
            ("y + 0.5f * M.Tanh(y)", static y => y + (0.5 * Math.Tanh(y)), static y => 1.5 - (0.5 * Math.Tanh(y) * Math.Tanh(y))),
            ("M.Atan(y)", Math.Atan, static y => 1 / (1 + (y * y))),
            ("y / M.Sqrt(1f + y * y)", static y => y / Math.Sqrt(1 + (y * y)), static y => Math.Pow(1 + (y * y), -1.5)),
            ("y + 0.25f * y * y * y", static y => y + (0.25 * y * y * y), static y => 1 + (0.75 * y * y)),
        ];
        var (code, value, slope) = outer[random.Next(outer.Length)];
        return inner with
        {
            Name = "H",
            Code = inner.Code + $"    static float H(float x) => Outer(G(x));\n    static float Outer(float y) => {Expand(code)};\n",
            Value = x => value(inner.Value(x)),
            Slope = x => slope(inner.Value(x)) * inner.Slope(x),
        };
    }

    // A line up to k, and from there on something that begins with its value and its slope, or does not.
    private static RandomFunction Pieces(System.Random random, FunctionKind kind)
    {
        double k = random.Next(-32, 33) / 16.0;
        double p = random.Next(1, 33) / 16.0;
        double q = random.Next(-16, 17) / 16.0;
        double other = p == 1 ? 0.5 : 1;
        double factor = kind switch
        {
            FunctionKind.Kinked => random.Next(2) == 0 ? other : 2 * p,
            FunctionKind.Folded => -p,
            _ => p,
        };
        double jump = kind == FunctionKind.Torn ? (random.Next(2) == 0 ? 1 : -1) * random.Next(1, 9) / 16.0 : 0;
        var start = Starts[random.Next(kind == FunctionKind.Sound ? 1 : 0, Starts.Length)];
        double at = (p * k) + q + jump;
        string right = $"{Of(at)} + {Of(factor)} * {start.Code.Replace("U", $"(x - {Of(k)})", StringComparison.Ordinal)}";
        string left = $"{Of(p)} * x + {Of(q)}";
        string code = random.Next(3) switch
        {
            0 => $"    static float G(float x)\n    {{\n        if (x > {Of(k)})\n        {{\n            return {right};\n        }}\n\n        return {left};\n    }}\n",
            1 => $"    static float G(float x) => x <= {Of(k)} ? {left} : {right};\n",
            _ => $"    static float G(float x) => x > {Of(k)} ? {right} : {left};\n",
        };
        return new RandomFunction(
            "G", Expand(code), kind, x => x > k ? at + (factor * start.Value(x - k)) : (p * x) + q, x => x > k ? factor * start.Slope(x - k) : p);
    }

    private static RandomFunction Flat(System.Random random)
    {
        double k = random.Next(-32, 33) / 16.0;
        double b = random.Next(1, 17) / 16.0;
        double c = random.Next(1, 33) / 16.0;
        string u = $"({Of(c)} * x + {Of(k)})";
        (string Code, Func<double, double> Value, Func<double, double> Slope)[] forms =
        [
            ($"{Of(b * c)} * x - {Of(b)} * M.Tanh{u}", x => (b * c * x) - (b * Math.Tanh((c * x) + k)), x => b * c * Math.Pow(Math.Tanh((c * x) + k), 2)),
            ($"{Of(b * c)} * x + {Of(b)} * M.Sin{u}", x => (b * c * x) + (b * Math.Sin((c * x) + k)), x => b * c * (1 + Math.Cos((c * x) + k))),
            ($"{Of(b)} * {u} * {u} * {u}", x => b * Math.Pow((c * x) + k, 3), x => 3 * b * c * Math.Pow((c * x) + k, 2)),
            ($"{Of(b * c)} * x - {Of(b)} * M.Atan{u}", x => (b * c * x) - (b * Math.Atan((c * x) + k)), x => b * c * (1 - (1 / (1 + Math.Pow((c * x) + k, 2))))),
            ($"{Of(b)} * M.Max(x, {Of(k)})", x => b * Math.Max(x, k), x => x > k ? b : 0),
            ($"{Of(b)} * M.Min(M.Max(x, {Of(k)}), {Of(k + c)})", x => b * Math.Min(Math.Max(x, k), k + c), x => x > k && x < k + c ? b : 0),
        ];
        var (code, value, slope) = forms[random.Next(forms.Length)];
        return new RandomFunction("G", $"    static float G(float x) => {Expand(code)};\n", FunctionKind.Flat, value, slope);
    }

    private static RandomFunction Undefined(System.Random random)
    {
        var sum = Sum(random, FunctionKind.Sound);
        double k = random.Next(-32, 33) / 16.0;
        double b = random.Next(1, 17) / 16.0;
        (string Code, Func<double, double> Value, Func<double, double> Slope)[] forms =
        [
            ($"{Of(-b)} / (x - {Of(k)})", x => -b / (x - k), x => b / Math.Pow(x - k, 2)),
            ($"{Of(b)} * M.Log(x - {Of(k)})", x => b * Math.Log(x - k), x => b / (x - k)),
            ($"{Of(b)} * M.Sqrt(x - {Of(k)})", x => b * Math.Sqrt(x - k), x => b / 2 / Math.Sqrt(x - k)),
            ($"{Of(b)} * M.Asin(x - {Of(k)})", x => b * Math.Asin(x - k), x => b / Math.Sqrt(1 - Math.Pow(x - k, 2))),
        ];
        var (code, value, slope) = forms[random.Next(forms.Length)];
        return sum with
        {
            Name = "H",
            Kind = FunctionKind.Undefined,
            Code = sum.Code + $"    static float H(float x) => G(x) + {Expand(code)};\n",
            Value = x => sum.Value(x) + value(x),
            Slope = x => sum.Slope(x) + slope(x),
        };
    }

    // The other way round: what rises falls.
    private static RandomFunction Turned(RandomFunction function) => function with
    {
        Name = "Turned",
        Code = function.Code + $"    static float Turned(float x) => -{function.Name}(x);\n",
        Value = x => -function.Value(x),
        Slope = x => -function.Slope(x),
    };

    private static TermOfSum Term(System.Random random)
    {
        var atom = Atoms[random.Next(Atoms.Length)];
        double b = (random.Next(2) == 0 ? 1 : -1) * random.Next(1, 33) / 16.0;
        double c = (random.Next(4) == 0 ? -1 : 1) * random.Next(1, 33) / 16.0;
        double d = random.Next(-16, 17) / 16.0;
        string u = d == 0 ? $"{Of(c)} * x" : $"{Of(c)} * x + {Of(d)}";
        string code = atom.Code.Replace("U", u, StringComparison.Ordinal);
        return new TermOfSum($" + {Of(b)} * ({code})", b * c, atom.Low, atom.High, x => b * atom.Value((c * x) + d), x => b * c * atom.Slope((c * x) + d));
    }

    private static string Expand(string code) => code.Replace("M.", "System.MathF.", StringComparison.Ordinal);

    private static string Of(double value) => value < 0 ? $"({value.ToString("R", CultureInfo.InvariantCulture)}f)" : value.ToString("R", CultureInfo.InvariantCulture) + "f";

    private sealed record TermOfSum(string Code, double Slope, double Low, double High, Func<double, double> At, Func<double, double> SlopeAt);
}
