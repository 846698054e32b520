using System.Globalization;
using System.Text.RegularExpressions;
using FlowGen.Generator.Diagnostics;
using FlowGen.Generator.Layers;
using FlowGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace FlowGen.Tests.Declarations;

/// <summary>What the compiler says of a function, held against samples of it in double precision.</summary>
internal static partial class FunctionClaims
{
    /// <summary>The rules that say that nothing was found out.</summary>
    private static readonly string[] Undecided = [DiagnosticIds.FunctionNotUnderstood, DiagnosticIds.DerivativeMayReachZero, DiagnosticIds.FunctionNotProvable];

    /// <summary>The rule that must speak of a function of a kind; null where none may.</summary>
    public static string? Rule(FunctionKind kind) => kind switch
    {
        FunctionKind.Kinked => DiagnosticIds.FunctionNotDifferentiable,
        FunctionKind.Folded => DiagnosticIds.DerivativeChangesSign,
        FunctionKind.Flat => DiagnosticIds.DerivativeReachesZero,
        FunctionKind.Torn => DiagnosticIds.FunctionNotContinuous,
        FunctionKind.Undefined => DiagnosticIds.FunctionUndefined,
        _ => null,
    };

    /// <summary>Whether it was left open what a function is. That a slope may be zero in an interval of a millionth is an answer where it is.</summary>
    public static bool IsUndecided(FunctionKind kind, List<Diagnostic> found) =>
        found.Exists(diagnostic => Undecided.Contains(diagnostic.Id) && !(kind == FunctionKind.Flat && diagnostic.Id == DiagnosticIds.DerivativeMayReachZero));

    /// <summary>What of the messages about a function is not so.</summary>
    public static IEnumerable<string> Contradictions(RandomFunction function, List<Diagnostic> found)
    {
        foreach (var diagnostic in found)
        {
            string message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
            double[] at = [.. Place().Matches(message).Select(static match => Number(match.Groups[1].Value))];
            bool holds = diagnostic.Id switch
            {
                DiagnosticIds.DerivativeChangesSign => function.Slope(at[0]) > 0 && Enumerable.Range(0, 65).All(i => function.Slope(at[1] + ((at[2] - at[1]) * i / 64)) < 0),
                DiagnosticIds.DerivativeReachesZero => Math.Abs(function.Slope(at[0])) < 1e-7 || Math.Abs(Secant(function, at[0], 1e-9)) < 1e-4,
                DiagnosticIds.DerivativeMayReachZero => at[1] - at[0] <= 1e-6 * Math.Max(1, Math.Abs(at[0])) && Math.Abs(function.Slope((at[0] + at[1]) / 2)) < 1e-5,
                DiagnosticIds.FunctionNotDifferentiable => Math.Abs(Secant(function, at[0], -1e-6) - Secant(function, at[0], 1e-6)) > 1e-4,
                DiagnosticIds.FunctionNotContinuous => Math.Abs(function.Value(at[0] + 1e-9) - function.Value(at[0] - 1e-9)) > 1e-6,
                DiagnosticIds.FunctionUndefined => at.Any(x => !double.IsFinite(function.Value(x))) || Enumerable.Range(-512, 1025).Any(i => i / 16.0 >= at[0] && i / 16.0 <= at[^1] && !double.IsFinite(function.Value(i / 16.0))),
                _ => true,
            };
            if (!holds)
            {
                yield return message;
            }
        }
    }

    /// <summary>What was proved of a function and is not so.</summary>
    public static IEnumerable<string> Contradictions(RandomFunction function, FlowModel flow)
    {
        foreach (var proof in flow.Layers.Select(static layer => layer.Layer).OfType<ElementwiseLayer>().Where(static layer => layer.Method is not null).Select(static layer => layer.Proven!).Distinct())
        {
            foreach (double x in RandomFunction.Samples)
            {
                double slope = function.Slope(x);
                double value = function.Value(x);
                double allowed = 1e-9 * (1 + Math.Abs(slope));
                if (double.IsFinite(slope) && !(slope >= proof.Slope.Low - allowed && slope <= proof.Slope.High + allowed && slope * proof.Sign >= 0))
                {
                    yield return FormattableString.Invariant($"slope {slope} at {x}, proved to be in {proof.Slope}");
                }

                if (double.IsFinite(value) && !(value >= proof.Range.Low - (1e-9 * (1 + Math.Abs(value))) && value <= proof.Range.High + (1e-9 * (1 + Math.Abs(value)))))
                {
                    yield return FormattableString.Invariant($"value {value} at {x}, proved to be in {proof.Range}");
                }
            }
        }
    }

    private static double Secant(RandomFunction function, double x, double step) => (function.Value(x + step) - function.Value(x)) / step;

    private static double Number(string text) => text.EndsWith("infinity", StringComparison.Ordinal)
        ? text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity
        : double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?:x = |to )(-?(?:infinity|[0-9][0-9.E+-]*[0-9]|[0-9]))")]
    private static partial Regex Place();
}
