namespace FlowGen.Samples.Data;

/// <summary>Uniform on the eight dark unit squares of a four by four board around the origin.</summary>
internal sealed class Checkerboard() : PlaneDistribution("checkerboard", "uniform on the dark squares of a 4 x 4 board", new Window(-2.3, 2.3, -2.3, 2.3))
{
    /// <inheritdoc/>
    public override double Entropy => Math.Log(8);

    /// <inheritdoc/>
    public override string EntropySource => "ln 8, the area";

    /// <inheritdoc/>
    public override double LogDensity(double x, double y) =>
        x is >= -2 and < 2 && y is >= -2 and < 2 && IsDark((int)Math.Floor(x), (int)Math.Floor(y)) ? -Entropy : double.NegativeInfinity;

    /// <inheritdoc/>
    protected override (double X, double Y, int Part) Draw(System.Random random)
    {
        int square = random.Next(8);
        int row = (square / 2) - 2;
        int column = (2 * (square % 2)) - 2;
        column += IsDark(column, row) ? 0 : 1;
        return (column + random.NextDouble(), row + random.NextDouble(), square);
    }

    private static bool IsDark(int column, int row) => ((column + row) & 1) == 0;
}
