namespace FlowGen.Samples.Data;

/// <summary>The distributions that the samples train on.</summary>
internal static class PlaneDistributions
{
    /// <summary>Two interleaving half circles.</summary>
    public static PlaneDistribution TwoMoons { get; } = new NoisyCurves(
        "two-moons",
        "two interleaving half circles, noise 0.1",
        new Window(-1.6, 2.6, -1.1, 1.6),
        noise: 0.1,
        panels: 8,
        [
            new Curve(static s => (Math.Cos(Math.PI * s), Math.Sin(Math.PI * s))),
            new Curve(static s => (1 - Math.Cos(Math.PI * s), 0.5 - Math.Sin(Math.PI * s))),
        ]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PlaneDistribution> All { get; } =
    [
        TwoMoons,
        new NoisyCurves(
            "rings",
            "three circles around one centre, noise 0.1",
            new Window(-3.6, 3.6, -3.6, 3.6),
            noise: 0.1,
            panels: 24,
            [.. new[] { 1, 2, 3 }.Select(static radius => new Curve(s => (radius * Math.Cos(2 * Math.PI * s), radius * Math.Sin(2 * Math.PI * s))))]),
        new Checkerboard(),
        new NoisyCurves(
            "spirals",
            "two arms of one and a half turns, noise 0.1",
            new Window(-3.4, 3.4, -3.4, 3.4),
            noise: 0.1,
            panels: 24,
            [.. new[] { 1, -1 }.Select(static sign => new Curve(s => (sign * 3 * s * Math.Cos(3 * Math.PI * s), sign * 3 * s * Math.Sin(3 * Math.PI * s)), Power: 0.5))]),
        new NoisyCurves(
            "eight-gaussians",
            "eight normal distributions on a circle, deviation 0.2",
            new Window(-2.9, 2.9, -2.9, 2.9),
            noise: 0.2,
            panels: 0,
            [.. Enumerable.Range(0, 8).Select(static k => new Curve(_ => (2 * Math.Cos(k * Math.PI / 4), 2 * Math.Sin(k * Math.PI / 4))))]),
    ];

    /// <summary>The distribution of a name.</summary>
    /// <exception cref="SampleException">There is none.</exception>
    public static PlaneDistribution Find(string name) => All.FirstOrDefault(d => d.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new SampleException($"There is no dataset '{name}'. The datasets are: {string.Join(", ", All.Select(static d => d.Name))}; for a file of your own use --csv FILE.");
}
