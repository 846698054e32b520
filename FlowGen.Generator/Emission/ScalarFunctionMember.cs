using FlowGen.Generator.Helpers;
using FlowGen.Generator.Model;
using FlowGen.Generator.Verification.Scalars;

namespace FlowGen.Generator.Emission;

/// <summary>A user's scalar function as a type: the function, its derivatives and its inverse for vectors, and its double twin.</summary>
internal static class ScalarFunctionMember
{
    /// <summary>The elementary functions that the JIT inlines into one kernel, which holds the function and the logarithm of its derivative, or both derivatives. It leaves more than that unoptimised.</summary>
    private const int MostInlined = 3;

    /// <summary>The operations of which the same is true.</summary>
    private const int MostOperations = 60;

    /// <summary>Prints the type.</summary>
    public static void Write(IndentedTextWriter writer, ScalarFunction function)
    {
        var proof = ScalarProver.Prove(function.Body!);
        var code = ScalarCode.Of(proof);
        bool inlined = IsInlined(code.Values, code.LogSlopes) && IsInlined(code.Slopes, code.LogSlopeSlopes) && IsInlined(code.Inverses ?? [], code.LogSlopes);
        writer.Line($"// {function.Name}: {ScalarText.Claim(proof)}; inverse {ScalarText.Inverse(code)}.");
        writer.Line($"file readonly struct {function.Identifier} : IScalarFunction");
        using (writer.Braces())
        {
            WriteMethod(writer, "Apply", proof, code.Values, inlined);
            WriteMethod(writer, "Derivative", proof, code.Slopes, inlined);
            WriteMethod(writer, "LogDerivative", proof, code.LogSlopes, inlined);
            WriteMethod(writer, "LogDerivativeSlope", proof, code.LogSlopeSlopes, inlined);
            WriteInverse(writer, function, proof, code, inlined);
            writer.Line();
            writer.Line($"public static ScalarFunctionDescription Describe() => ScalarFunctionDescription.Of<{function.Identifier}>({Literals.Of(function.Name)}, increasing: {(proof.Sign > 0 ? "true" : "false")}, {Double(proof.Slope.Low)}, {Double(proof.Slope.High)}, smoothness: {Literals.Of(proof.Smoothness)}, Value, LogDerivative);");
            writer.Line();
            writer.Line("// As it was written, in double precision: the reference.");
            writer.Line($"public static double Value(double x) => {Unbracketed(TreePrinter.Print(function.Body!))};");
            writer.Line();
            writer.Line("public static double LogDerivative(double x)");
            using (writer.Braces())
            {
                WritePieces(writer, new ScalarPrinter(lanes: false), proof.Form, code.LogSlopes);
            }
        }
    }

    private static string Unbracketed(string text) => text.Length > 2 && text[0] == '(' && Closes(text) ? text.Substring(1, text.Length - 2) : text;

    private static bool Closes(string text)
    {
        int depth = 0;
        for (int i = 0; i < text.Length - 1; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsInlined(IReadOnlyList<Expression> first, IReadOnlyList<Expression> second)
    {
        int calls = 0;
        int operations = 0;
        foreach (var piece in first.Concat(second))
        {
            var printer = new ScalarPrinter(lanes: true);
            _ = printer.Print(piece);
            calls += printer.Calls;
            operations += printer.Operations;
        }

        return calls <= MostInlined && operations <= MostOperations;
    }

    private static ScalarPrinter Printer(bool inlined) => new(lanes: true, inlined ? ScalarPrinter.Inlined : ScalarPrinter.Called);

    private static void WriteMethod(IndentedTextWriter writer, string name, ScalarProof proof, IReadOnlyList<Expression> pieces, bool inlined)
    {
        writer.Separate();
        Head(writer, name, "x", inlined);
        using (writer.Braces())
        {
            WritePieces(writer, Printer(inlined), proof.Form, pieces);
        }
    }

    private static void Head(IndentedTextWriter writer, string name, string argument, bool inlined)
    {
        writer.Line(inlined ? "[MethodImpl(MethodImplOptions.AggressiveInlining)]" : "[MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]");
        writer.Line($"public static V {name}<V, TMath>(V {argument})");
        using (writer.Indent())
        {
            writer.Line("where V : struct, ILanes<V>");
            writer.Line("where TMath : struct, ILaneMath<V>");
        }
    }

    // All pieces are evaluated, and each lane keeps its own.
    private static void WritePieces(IndentedTextWriter writer, ScalarPrinter printer, PiecewiseForm form, IReadOnlyList<Expression> pieces)
    {
        string[] values = [.. pieces.Select(printer.Print)];
        writer.Lines(printer.Statements);
        string result = values[values.Length - 1];
        for (int i = values.Length - 2; i >= 0; i--)
        {
            if (values[i] != result)
            {
                result = Choose(printer, "x", form.Joints[i].At.ToDouble(), values[i], result);
            }
        }

        writer.Line($"return {result};");
    }

    private static string Choose(ScalarPrinter printer, string argument, double at, string below, string above) => printer.Number(at) is var number && number[0] == 'V'
        ? $"V.Select(V.LessThan({argument}, {number}), {below}, {above})"
        : $"{argument} < {number} ? {below} : {above}";

    private static void WriteInverse(IndentedTextWriter writer, ScalarFunction function, ScalarProof proof, ScalarCode code, bool inlined)
    {
        writer.Line();
        Head(writer, "Inverse", code.Inverses is null ? "z" : "x", inlined);
        using (writer.Braces())
        {
            if (code.Inverses is not { } inverses)
            {
                double least = Math.Min(Math.Abs(proof.Slope.Low), Math.Abs(proof.Slope.High));
                double most = Math.Max(Math.Abs(proof.Slope.Low), Math.Abs(proof.Slope.High));
                writer.Line("// Newton's method between the bounds that the derivative's give.");
                writer.Line($"return TMath.Search<{function.Identifier}>(z, new ScalarBounds(increasing: {(proof.Sign > 0 ? "true" : "false")}, origin: {Literals.Single(code.Origin)}, least: {Literals.Single(least * (1 - 1e-6))}, most: {Literals.Single(most * (1 + 1e-6))}, low: {Literals.Single(proof.Range.Low)}, high: {Literals.Single(proof.Range.High)}));");
                return;
            }

            WriteFormula(writer, Printer(inlined), proof, code, inverses);
        }
    }

    private static void WriteFormula(IndentedTextWriter writer, ScalarPrinter printer, ScalarProof proof, ScalarCode code, IReadOnlyList<Expression> inverses)
    {
        // A decreasing function meets its pieces from above.
        string[] values = [.. inverses.Select(printer.Print)];
        writer.Lines(printer.Statements);
        string result = values[values.Length - 1];
        for (int i = values.Length - 2; i >= 0; i--)
        {
            result = proof.Sign > 0
                ? Choose(printer, "x", code.JointValues[i], values[i], result)
                : $"V.Select(V.LessThan({printer.Number(code.JointValues[i])}, x), {values[i]}, {result})";
        }

        if (!double.IsInfinity(proof.Range.Low))
        {
            result = $"V.Select(V.LessThan(x, {printer.Number(proof.Range.Low)}), {printer.Number(double.NaN)}, {result})";
        }

        if (!double.IsInfinity(proof.Range.High))
        {
            result = $"V.Select(V.LessThan({printer.Number(proof.Range.High)}, x), {printer.Number(double.NaN)}, {result})";
        }

        writer.Line($"return {result};");
    }

    private static string Double(double value) => double.IsPositiveInfinity(value) ? "double.PositiveInfinity"
        : double.IsNegativeInfinity(value) ? "double.NegativeInfinity"
        : Literals.Of(value);
}
