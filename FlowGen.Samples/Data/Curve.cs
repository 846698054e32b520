namespace FlowGen.Samples.Data;

/// <summary>A curve s -> point over [0, 1], and how a random place on it is chosen.</summary>
/// <param name="Point">The point at s.</param>
/// <param name="Power">A random place is u^Power with u uniform: 1 is uniform in s; 1/2 makes the density of s grow as s does.</param>
internal sealed record Curve(Func<double, (double X, double Y)> Point, double Power = 1)
{
    /// <summary>The density of s.</summary>
    public double Density(double s) => Math.Pow(s, (1 / Power) - 1) / Power;
}
