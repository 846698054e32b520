namespace FlowGen.Tests.Flows;

/// <summary>What data a flow under test takes.</summary>
internal enum FlowData
{
    /// <summary>Normal numbers.</summary>
    Real,

    /// <summary>Numbers inside (0, 1).</summary>
    Unit,

    /// <summary>Whole numbers from 0 to 255.</summary>
    Levels,
}

/// <summary>A flow under test.</summary>
/// <param name="Name">Its name, which says what it is made of.</param>
/// <param name="Size">The number of coordinates.</param>
/// <param name="Data">What data it takes.</param>
/// <param name="Declaration">The attributes that declare it.</param>
internal sealed record FlowCase(string Name, int Size, FlowData Data, string Declaration)
{
    /// <summary>The shape of a sample as its <see cref="FlowAttribute"/> takes it.</summary>
    public string Shape { get; init; } = Size.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What follows the size in its <see cref="FlowAttribute"/>.</summary>
    public string FlowOptions { get; init; } = "";

    /// <summary>The name of its class.</summary>
    public string ClassName => "F_" + string.Concat(Name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    /// <summary>Samples <c>[count, Size]</c>.</summary>
    public float[] Samples(int count, int seed) => Data switch
    {
        FlowData.Unit => FlowFixture.Uniform(count * Size, seed, 0.02, 0.98),
        FlowData.Levels => [.. FlowFixture.Uniform(count * Size, seed, 0, 256).Select(MathF.Floor)],
        _ => FlowFixture.Normal(count * Size, seed, 1.2),
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
