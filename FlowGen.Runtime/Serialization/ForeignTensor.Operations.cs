namespace FlowGen;

public sealed partial class ForeignTensor
{
    /// <summary>The same values under another shape.</summary>
    /// <exception cref="ArgumentException">The shape has another number of values.</exception>
    public ForeignTensor Reshape(params ReadOnlySpan<int> shape) => Of(values, shape);

    /// <summary>The transpose of a matrix.</summary>
    /// <exception cref="ArgumentException">The tensor is not a matrix.</exception>
    public ForeignTensor Transpose()
    {
        var (rows, columns) = MatrixShape();
        var transposed = Create([columns, rows]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                transposed.values[(j * rows) + i] = values[(i * columns) + j];
            }
        }

        return transposed;
    }

    /// <summary>A range of indices of one dimension; of a matrix, dimension 0 are the rows.</summary>
    /// <exception cref="ArgumentException">There is no such dimension, or the range leaves it.</exception>
    public ForeignTensor Slice(int dimension, int start, int length)
    {
        CheckDimension(dimension);
        if (start < 0 || length < 0 || start > shape[dimension] - length)
        {
            throw new ArgumentException($"{length} indices from {start} are not within dimension {dimension} of {this}.", nameof(start));
        }

        return Select(dimension, Enumerable.Range(start, length).ToArray());
    }

    /// <summary>The given indices of one dimension, in the given order; an index may come more than once.</summary>
    /// <exception cref="ArgumentException">There is no such dimension or index.</exception>
    public ForeignTensor Select(int dimension, params ReadOnlySpan<int> indices)
    {
        CheckDimension(dimension);
        int inner = CountOf(shape.AsSpan(dimension + 1));
        int outer = CountOf(shape.AsSpan(0, dimension));
        int length = shape[dimension];
        int[] selectedShape = [.. shape];
        selectedShape[dimension] = indices.Length;
        var selected = Create(selectedShape);
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)length)
            {
                throw new ArgumentException($"The index {indices[i]} is not within dimension {dimension} of {this}.", nameof(indices));
            }

            for (int o = 0; o < outer; o++)
            {
                values.AsSpan(((o * length) + indices[i]) * inner, inner).CopyTo(selected.values.AsSpan(((o * indices.Length) + i) * inner));
            }
        }

        return selected;
    }

    /// <summary>Tensors one after the other along one dimension.</summary>
    /// <exception cref="ArgumentException">No tensor was given, there is no such dimension, or they differ in another one.</exception>
    public static ForeignTensor Concat(int dimension, params ReadOnlySpan<ForeignTensor> tensors)
    {
        if (tensors.IsEmpty)
        {
            throw new ArgumentException("There is nothing to put together.", nameof(tensors));
        }

        var first = tensors[0];
        first.CheckDimension(dimension);
        int[] joinedShape = [.. first.shape];
        joinedShape[dimension] = 0;
        foreach (var tensor in tensors)
        {
            int[] others = [.. tensor.shape];
            if (others.Length == joinedShape.Length)
            {
                others[dimension] = first.shape[dimension];
            }

            if (!others.AsSpan().SequenceEqual(first.shape))
            {
                throw new ArgumentException($"{tensor} cannot follow {first} along dimension {dimension}.", nameof(tensors));
            }

            joinedShape[dimension] += tensor.shape[dimension];
        }

        var joined = Create(joinedShape);
        int outer = CountOf(joinedShape.AsSpan(0, dimension));
        int at = 0;
        for (int o = 0; o < outer; o++)
        {
            foreach (var tensor in tensors)
            {
                int part = tensor.Count / outer;
                tensor.values.AsSpan(o * part, part).CopyTo(joined.values.AsSpan(at));
                at += part;
            }
        }

        return joined;
    }

    /// <summary>A matrix that has the given ones along its diagonal and zeros elsewhere: two conditioners in one.</summary>
    /// <exception cref="ArgumentException">One of them is not a matrix.</exception>
    public static ForeignTensor BlockDiagonal(params ReadOnlySpan<ForeignTensor> blocks)
    {
        int rows = 0;
        int columns = 0;
        foreach (var block in blocks)
        {
            var (r, c) = block.MatrixShape();
            rows += r;
            columns += c;
        }

        var matrix = Create([rows, columns]);
        int row = 0;
        int column = 0;
        foreach (var block in blocks)
        {
            var (r, c) = block.MatrixShape();
            for (int i = 0; i < r; i++)
            {
                block.values.AsSpan(i * c, c).CopyTo(matrix.values.AsSpan(((row + i) * columns) + column));
            }

            row += r;
            column += c;
        }

        return matrix;
    }

    /// <summary>The entries below the diagonal of a square matrix, row by row.</summary>
    /// <exception cref="ArgumentException">The tensor is not a square matrix.</exception>
    public ForeignTensor StrictlyLower() => Triangle(static (i, j) => j < i);

    /// <summary>The entries above the diagonal of a square matrix, row by row.</summary>
    /// <exception cref="ArgumentException">The tensor is not a square matrix.</exception>
    public ForeignTensor StrictlyUpper() => Triangle(static (i, j) => j > i);

    /// <summary>The diagonal of a square matrix.</summary>
    /// <exception cref="ArgumentException">The tensor is not a square matrix.</exception>
    public ForeignTensor Diagonal() => Triangle(static (i, j) => i == j);

    /// <summary>A function of each value.</summary>
    public ForeignTensor Map(Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new ForeignTensor(Array.ConvertAll(values, value => function(value)), shape);
    }

    /// <summary>The natural logarithm of each value.</summary>
    public ForeignTensor Log() => Map(Math.Log);

    /// <summary>The exponential of each value.</summary>
    public ForeignTensor Exp() => Map(Math.Exp);

    /// <summary>The square root of each value.</summary>
    public ForeignTensor Sqrt() => Map(Math.Sqrt);

    /// <summary>The absolute value of each value.</summary>
    public ForeignTensor Abs() => Map(Math.Abs);

    /// <summary>The sign of each value: -1, 0 or 1.</summary>
    public ForeignTensor Sign() => Map(static value => double.IsNaN(value) ? value : Math.Sign(value));

    /// <summary>log(1 + e^x) of each value, without overflow.</summary>
    public ForeignTensor Softplus() => Map(static x => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x))));

    /// <summary>Each value negated.</summary>
    public ForeignTensor Negate() => Map(static value => -value);

    /// <summary>Each value negated.</summary>
    public static ForeignTensor operator -(ForeignTensor tensor) => tensor.Negate();

    /// <summary>The sum, element by element.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static ForeignTensor operator +(ForeignTensor left, ForeignTensor right) => Combine(left, right, static (a, b) => a + b);

    /// <summary>The difference, element by element.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static ForeignTensor operator -(ForeignTensor left, ForeignTensor right) => Combine(left, right, static (a, b) => a - b);

    /// <summary>The product, element by element.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static ForeignTensor operator *(ForeignTensor left, ForeignTensor right) => Combine(left, right, static (a, b) => a * b);

    /// <summary>The quotient, element by element.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static ForeignTensor operator /(ForeignTensor left, ForeignTensor right) => Combine(left, right, static (a, b) => a / b);

    /// <summary>A number added to each value.</summary>
    public static ForeignTensor operator +(ForeignTensor left, double right) => left.Map(value => value + right);

    /// <summary>A number subtracted from each value.</summary>
    public static ForeignTensor operator -(ForeignTensor left, double right) => left.Map(value => value - right);

    /// <summary>Each value times a number.</summary>
    public static ForeignTensor operator *(ForeignTensor left, double right) => left.Map(value => value * right);

    /// <summary>Each value divided by a number.</summary>
    public static ForeignTensor operator /(ForeignTensor left, double right) => left.Map(value => value / right);

    private static ForeignTensor Combine(ForeignTensor left, ForeignTensor right, Func<double, double, double> function)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (!left.shape.AsSpan().SequenceEqual(right.shape))
        {
            throw new ArgumentException($"{left} and {right} cannot be combined element by element.", nameof(right));
        }

        double[] combined = new double[left.Count];
        for (int i = 0; i < combined.Length; i++)
        {
            combined[i] = function(left.values[i], right.values[i]);
        }

        return new ForeignTensor(combined, left.shape);
    }

    // Kahan's: exact where 1 + x rounds.
    private static double LogOnePlus(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }

    private ForeignTensor Triangle(Func<int, int, bool> belongs)
    {
        var (rows, columns) = MatrixShape();
        if (rows != columns)
        {
            throw new ArgumentException($"{this} is not a square matrix.");
        }

        var entries = new List<double>();
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                if (belongs(i, j))
                {
                    entries.Add(values[(i * columns) + j]);
                }
            }
        }

        return new ForeignTensor([.. entries], [entries.Count]);
    }

    private (int Rows, int Columns) MatrixShape() => shape.Length == 2
        ? (shape[0], shape[1])
        : throw new ArgumentException($"{this} is not a matrix.");

    private void CheckDimension(int dimension)
    {
        if ((uint)dimension >= (uint)shape.Length)
        {
            throw new ArgumentException($"{this} has no dimension {dimension}.", nameof(dimension));
        }
    }
}
