using FlowGen.Generator.Helpers;
using FlowGen.Generator.Verification.Scalars;

namespace FlowGen.Generator.Emission;

/// <summary>What was proved about a scalar function, in words.</summary>
internal static class ScalarText
{
    /// <summary>Direction and bounds of the derivative.</summary>
    public static string Claim(ScalarProof proof) => $"{(proof.Sign > 0 ? "increasing" : "decreasing")}, derivative in {Bounds(proof)} by proof";

    /// <summary>Bounds of the derivative, rounded outward.</summary>
    public static string Bounds(ScalarProof proof)
    {
        bool open = proof.Slope.Low <= 0 && proof.Slope.High >= 0;
        string low = open && proof.Sign > 0 ? "(0" : double.IsInfinity(proof.Slope.Low) ? "(-infinity" : $"[{Outward(proof.Slope.Low, up: false)}";
        string high = open && proof.Sign < 0 ? "0)" : double.IsInfinity(proof.Slope.High) ? "infinity)" : $"{Outward(proof.Slope.High, up: true)}]";
        return $"{low}, {high}";
    }

    /// <summary>How it is inverted.</summary>
    public static string Inverse(ScalarCode code) => code.Inverses is null ? "by Newton's method in a proven bracket" : "by a formula";

    private static string Outward(double value, bool up)
    {
        string text = Literals.Of(value, "G4");
        double shown = double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        if (up ? shown < value : shown > value)
        {
            double step = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 3);
            text = Literals.Of(up ? shown + step : shown - step, "G4");
        }

        return text;
    }
}
