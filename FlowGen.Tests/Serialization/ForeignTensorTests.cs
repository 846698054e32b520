using Xunit;

namespace FlowGen.Tests.Serialization;

public sealed class ForeignTensorTests
{
    private static readonly ForeignTensor Matrix = ForeignTensor.Of([1, 2, 3, 4, 5, 6], 2, 3);

    [Fact]
    public void Transpose_exchanges_rows_and_columns() => AssertTensor(Matrix.Transpose(), [3, 2], 1, 4, 2, 5, 3, 6);

    [Fact]
    public void Reshape_keeps_the_order() => AssertTensor(Matrix.Reshape(3, 1, 2), [3, 1, 2], 1, 2, 3, 4, 5, 6);

    [Fact]
    public void Slice_takes_a_range_of_any_dimension()
    {
        AssertTensor(Matrix.Slice(0, 1, 1), [1, 3], 4, 5, 6);
        AssertTensor(Matrix.Slice(1, 1, 2), [2, 2], 2, 3, 5, 6);
        AssertTensor(Matrix.Slice(1, 3, 0), [2, 0]);
    }

    [Fact]
    public void Select_takes_indices_in_the_given_order() => AssertTensor(Matrix.Select(1, 2, 0, 2), [2, 3], 3, 1, 3, 6, 4, 6);

    [Fact]
    public void Concat_joins_along_any_dimension()
    {
        AssertTensor(ForeignTensor.Concat(0, Matrix, Matrix.Slice(0, 0, 1)), [3, 3], 1, 2, 3, 4, 5, 6, 1, 2, 3);
        AssertTensor(ForeignTensor.Concat(1, Matrix, Matrix.Slice(1, 0, 1)), [2, 4], 1, 2, 3, 1, 4, 5, 6, 4);
        AssertTensor(ForeignTensor.Concat(1, ForeignTensor.Zeros(0, 2), ForeignTensor.Zeros(0, 1)), [0, 3]);
    }

    [Fact]
    public void Block_diagonal_puts_two_nets_into_one() =>
        AssertTensor(ForeignTensor.BlockDiagonal(Matrix, ForeignTensor.Full(7, 1, 2)), [3, 5], 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 0, 0, 0, 7, 7);

    [Fact]
    public void Triangles_and_diagonal_are_read_row_by_row()
    {
        var square = ForeignTensor.Of([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3);
        AssertTensor(square.StrictlyLower(), [3], 4, 7, 8);
        AssertTensor(square.StrictlyUpper(), [3], 2, 3, 6);
        AssertTensor(square.Diagonal(), [3], 1, 5, 9);
    }

    [Fact]
    public void Functions_are_computed_in_double_precision()
    {
        var x = ForeignTensor.Of([0.25, 2], 2);
        AssertTensor(x.Log(), [2], Math.Log(0.25), Math.Log(2));
        AssertTensor(x.Exp(), [2], Math.Exp(0.25), Math.Exp(2));
        AssertTensor(x.Sqrt(), [2], 0.5, Math.Sqrt(2));
        AssertTensor(-x, [2], -0.25, -2);
        AssertTensor((-x).Abs(), [2], 0.25, 2);
        AssertTensor((-x).Sign(), [2], -1, -1);
        AssertTensor(x + x, [2], 0.5, 4);
        AssertTensor(x - x, [2], 0, 0);
        AssertTensor(x * x, [2], 0.0625, 4);
        AssertTensor(x / x, [2], 1, 1);
        AssertTensor(((((x + 1) * 2) - 1) / 2), [2], 0.75, 2.5);
    }

    [Theory]
    [InlineData(0, 0.69314718055994529)]
    [InlineData(1000, 1000)]
    [InlineData(-800, 0)]
    [InlineData(-40, 4.2483542552915889e-18)]
    [InlineData(1, 1.3132616875182228)]
    public void Softplus_neither_overflows_nor_loses_small_values(double x, double expected)
    {
        double actual = ForeignTensor.Of([x], 1).Softplus().Values[0];
        Assert.Equal(expected, actual, 1e-15 * Math.Max(expected, 1e-17));
    }

    [Fact]
    public void Operations_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ForeignTensor.Of([1, 2], 3));
        Assert.Throws<ArgumentException>(() => ForeignTensor.Zeros(-1, -1));
        Assert.Throws<ArgumentException>(() => ForeignTensor.Zeros(int.MaxValue, int.MaxValue, int.MaxValue));
        Assert.Throws<ArgumentException>(() => Matrix.Reshape(5));
        Assert.Throws<ArgumentException>(() => ForeignTensor.Zeros(3).Transpose());
        Assert.Throws<ArgumentException>(() => Matrix.Slice(2, 0, 1));
        Assert.Throws<ArgumentException>(() => Matrix.Slice(1, 2, 2));
        Assert.Throws<ArgumentException>(() => Matrix.Slice(1, int.MaxValue, 2));
        Assert.Throws<ArgumentException>(() => Matrix.Select(0, 2));
        Assert.Throws<ArgumentException>(() => Matrix.Select(0, -1));
        Assert.Throws<ArgumentException>(() => ForeignTensor.Concat(0));
        Assert.Throws<ArgumentException>(() => ForeignTensor.Concat(0, Matrix, Matrix.Transpose()));
        Assert.Throws<ArgumentException>(() => ForeignTensor.Concat(0, Matrix, ForeignTensor.Zeros(3)));
        Assert.Throws<ArgumentException>(() => ForeignTensor.BlockDiagonal(Matrix, ForeignTensor.Zeros(3)));
        Assert.Throws<ArgumentException>(() => Matrix.Diagonal());
        Assert.Throws<ArgumentException>(() => Matrix + Matrix.Transpose());
    }

    private static void AssertTensor(ForeignTensor tensor, int[] shape, params double[] values)
    {
        Assert.Equal(shape, tensor.Shape.ToArray());
        Assert.Equal(values, tensor.Values.ToArray());
    }
}
