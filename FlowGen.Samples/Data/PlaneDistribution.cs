namespace FlowGen.Samples.Data;

/// <summary>A distribution on the plane that can be drawn from and whose density is known, so that what a flow learned can be judged.</summary>
internal abstract class PlaneDistribution(string name, string summary, Window window)
{
    /// <summary>The name on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>What it is, in a few words.</summary>
    public string Summary { get; } = summary;

    /// <summary>The part of the plane that pictures show: all but a negligible share of the mass.</summary>
    public Window Window { get; } = window;

    /// <summary>The differential entropy, in nats: the smallest mean negative log-likelihood that any model can reach.</summary>
    public abstract double Entropy { get; }

    /// <summary>How <see cref="Entropy"/> is known.</summary>
    public abstract string EntropySource { get; }

    /// <summary>log p(x, y), in nats.</summary>
    public abstract double LogDensity(double x, double y);

    /// <summary>Draws one point and tells which part of the distribution it came from.</summary>
    protected abstract (double X, double Y, int Part) Draw(System.Random random);

    /// <summary>Draws points; the same seed gives the same points.</summary>
    /// <returns>The points <c>[count, 2]</c>.</returns>
    public float[] Draw(int count, int seed) => Draw(count, seed, []);

    /// <summary>Draws points and tells which part of the distribution each came from.</summary>
    /// <returns>The points <c>[count, 2]</c>.</returns>
    public float[] Draw(int count, int seed, Span<int> parts)
    {
        var random = new System.Random(seed);
        var points = new float[2 * count];
        for (int i = 0; i < count; i++)
        {
            (double x, double y, int part) = Draw(random);
            points[2 * i] = (float)x;
            points[(2 * i) + 1] = (float)y;
            if (!parts.IsEmpty)
            {
                parts[i] = part;
            }
        }

        return points;
    }
}
