namespace FlowGen.Kernels;

/// <summary>Where a Mint layer of a vector has its parameters, its prepared weights and its rows of scratch.</summary>
/// <param name="count">The number of coordinates.</param>
/// <param name="paths">Hidden units for each coordinate.</param>
/// <param name="triangle">Which coordinates an output reads beside its own.</param>
internal readonly struct MintShape(int count, int paths, Triangle triangle)
{
    public int Count => count;

    public int Paths => paths;

    public Triangle Triangle => triangle;

    /// <summary>Hidden units.</summary>
    public int Units => count * paths;

    public TriangularProduct First => new(count, 1, paths, triangle);

    public TriangularProduct Second => new(count, paths, paths, triangle);

    public TriangularProduct Third => new(count, paths, 1, triangle);

    // Parameters: weight1, bias1, weight2, bias2, weight3, bias3, t.
    public int Bias1 => First.Size;

    public int Weight2 => Bias1 + Units;

    public int Bias2 => Weight2 + Second.Size;

    public int Weight3 => Bias2 + Units;

    public int Bias3 => Weight3 + Third.Size;

    public int Slope => Bias3 + count;

    // Prepared: t, the biases, the centre taps of W1 and W3 for each unit and of W2 for each pair of paths, then the matrices, packed: W1, W2, W3
    // and, for each coordinate, the products w2 w1 of the centre taps.
    public int PreparedBias1 => Dense.Pad(count);

    public int PreparedBias2 => PreparedBias1 + Dense.Pad(Units);

    public int PreparedBias3 => PreparedBias2 + Dense.Pad(Units);

    public int Centre1 => PreparedBias3 + Dense.Pad(count);

    public int Centre3 => Centre1 + Dense.Pad(Units);

    public int Centre2 => Centre3 + Dense.Pad(Units);

    public int Matrix1 => Centre2 + Dense.Pad(Units * paths);

    public int Matrix2 => Matrix1 + Dense.Pad(First.Size);

    public int Matrix3 => Matrix2 + Dense.Pad(Second.Size);

    public int Inner => Matrix3 + Dense.Pad(Third.Size);

    public int PreparedSize => Inner + Dense.Pad(Units * paths);

    // Rows of scratch: h of the first and of the second hidden units, e = sum over j of w2 h'(u) w1 of each second unit, the diagonal of the Jacobian,
    // W3 c + b3, the latent during inversion, and one coordinate's units.
    public int A => 0;

    public int C => Units;

    public int E => 2 * Units;

    public int Diagonal => 3 * Units;

    public int Y => Diagonal + count;

    public int Z => Y + count;

    public int Some => Z + count;

    /// <summary>What an inversion reports: <see cref="InversionRecord"/>.</summary>
    public int Report => Some + paths;

    public int Rows => Report + InversionRecord.Rows;
}
