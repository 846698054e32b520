using FlowGen.Verification;

namespace FlowGen.Layers;

/// <summary>z = (x + bias) e^log_scale in double precision, coordinate by coordinate.</summary>
internal static class DiagonalReference
{
    /// <summary>Maps <paramref name="x"/> in place and returns the log-determinant.</summary>
    public static double Forward(ReferenceWeights weights, Span<double> x)
    {
        var bias = weights["bias"];
        var logScale = weights["log_scale"];
        double logDet = 0;
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] + bias[i]) * Math.Exp(logScale[i]);
            logDet += logScale[i];
        }

        return logDet;
    }

    /// <summary>Maps <paramref name="z"/> back in place and returns the log-determinant of that.</summary>
    public static double Inverse(ReferenceWeights weights, Span<double> z)
    {
        var bias = weights["bias"];
        var logScale = weights["log_scale"];
        double logDet = 0;
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = (z[i] * Math.Exp(-logScale[i])) - bias[i];
            logDet -= logScale[i];
        }

        return logDet;
    }
}
