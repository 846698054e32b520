using FlowGen.Layers;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Verification;

/// <summary>Determinants, structures and whole Jacobians.</summary>
public sealed class JacobianTests
{
    private static readonly LayerCertificate Certificate = new("", "", "", "");

    [Fact]
    public void Determinant_and_inverse_of_a_known_matrix()
    {
        // det = 2 * (-3) * 5 with rows exchanged: pivoting must find them.
        double[,] matrix = { { 0, -3, 7 }, { 2, 1, 1 }, { 0, 0, 5 } };
        var factors = new LuDecomposition(matrix);
        Assert.Equal(Math.Log(30), factors.LogAbsDet, 1e-14);
        double[,] product = Matrices.Multiply(matrix, factors.Inverse());
        Assert.Equal(1, Matrices.Norm(product), 1e-14);
        Assert.Equal(11, Matrices.Norm(new double[,] { { 1, -10 }, { 2, 3 } }));
    }

    [Fact]
    public void A_singular_matrix_has_no_determinant() =>
        Assert.Equal(double.NegativeInfinity, new LuDecomposition(new double[,] { { 1, 2 }, { 2, 4 } }).LogAbsDet);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(300)]
    public void A_coupling_of_any_size_takes_two_perturbations(int size)
    {
        var structure = JacobianStructure.Of(new AdditiveCouplingLayer(EventShape.Vector(size), Partition.EvenIndices, [4], Activation.Tanh, CouplingNet.Mlp, Certificate), size);
        Assert.Equal(2, structure.Groups.Count);
        Assert.Equal(size, structure.Blocks.Count);
        Assert.True(structure.MayDepend(0, 1));
        Assert.False(structure.MayDepend(1, 0));
        var inverse = structure.Inverse();
        Assert.True(inverse.MayDepend(0, 1));
        Assert.False(inverse.MayDepend(1, 0));
    }

    [Fact]
    public void A_permutation_takes_one_perturbation_and_its_inverse_is_transposed()
    {
        var structure = JacobianStructure.Of(new PermuteLayer([1, 2, 0], Certificate), 3);
        Assert.Single(structure.Groups);
        Assert.Equal([2, 0, 1], structure.Outputs);
        Assert.True(structure.MayDepend(0, 1));
        Assert.True(structure.Inverse().MayDepend(1, 0));
        Assert.False(structure.Inverse().MayDepend(0, 1));
    }

    [Fact]
    public void A_dense_layer_is_one_block()
    {
        var structure = JacobianStructure.Of(new InvertibleLinearLayer(6, LinearParameterization.Plu, Certificate), 6);
        Assert.Single(structure.Blocks);
        Assert.Equal(6, structure.Groups.Count);
    }

    [Fact]
    public void Whole_Jacobian_and_blocks_have_the_same_determinant()
    {
        // Lower triangular with dense blocks {0, 1} and {2}.
        static double Map(Span<double> x)
        {
            (x[0], x[1], x[2]) = ((2 * x[0]) + Math.Sin(x[1]), x[1] - (0.5 * x[0]), (3 * x[2]) + (100 * x[0] * x[1]));
            return 0;
        }

        double[] at = [0.3, -0.7, 1.1];
        var whole = ReferenceJacobian.Whole(Map, at, null);
        double expected = Math.Log(3 * ((2 * 1) + (0.5 * Math.Cos(-0.7))));
        Assert.Equal(expected, whole.LogAbsDet, 1e-9);
        Assert.Equal(100 * at[1], whole.Values[2, 0], 1e-7);
        Assert.Equal(1, Matrices.Norm(Matrices.Multiply(whole.Values, whole.Inverse!)), 1e-10);
    }

    [Fact]
    public void A_Jacobian_turned_round_is_that_of_the_inverse()
    {
        static double Forward(Span<double> x)
        {
            (x[0], x[1]) = (x[0] + Math.Sinh(x[0]), (3 * x[1]) + Math.Sin(x[0]));
            return 0;
        }

        // By Newton steps, as what has no formula is inverted.
        static double Backward(Span<double> z)
        {
            double x = 0;
            for (int step = 0; step < 50; step++)
            {
                x -= (x + Math.Sinh(x) - z[0]) / (1 + Math.Cosh(x));
            }

            (z[0], z[1]) = (x, (z[1] - Math.Sin(x)) / 3);
            return 0;
        }

        double[] x = [0.4, -1.5];
        double[] z = [.. x];
        _ = Forward(z);
        var turned = ReferenceJacobian.Whole(Forward, x, null).OfInverse();
        var direct = ReferenceJacobian.Whole(Backward, z, null);
        Assert.True(turned.IsResolved);
        Assert.Equal(direct.LogAbsDet, turned.LogAbsDet, 1e-9);
        Assert.Equal(-Math.Log(3 * (1 + Math.Cosh(0.4))), turned.LogAbsDet, 1e-9);
        foreach (var (row, column) in ((int, int)[])[(0, 0), (0, 1), (1, 0), (1, 1)])
        {
            Assert.Equal(direct.Values[row, column], turned.Values[row, column], 1e-8);
            Assert.Equal(direct.Inverse![row, column], turned.Inverse![row, column], 1e-8);
        }
    }

    [Fact]
    public void Growth_of_rounding_is_the_norm_of_what_comes_after()
    {
        // x 1000, then / 1000: an error between the two shrinks on the way out and grows on the way back.
        static double Up(Span<double> x)
        {
            x[0] *= 1000;
            return 0;
        }

        static double Down(Span<double> x)
        {
            x[0] /= 1000;
            return 0;
        }

        var chain = new ReferenceChain(1);
        chain.Add(ReferenceJacobian.Whole(Up, [1], null), 1000);
        chain.Add(ReferenceJacobian.Whole(Down, [1000], null), 1);
        chain.MeasureGrowth();
        Assert.Equal(3, chain.OutputGrowth, 1e-6);
        Assert.Equal(6, chain.RoundTripGrowth, 1e-6);
        Assert.Equal(0, chain.LogAbsDet, 1e-9);
        Assert.Equal(2 * Math.Log(1000), chain.SumOfAbsLogs, 1e-9);
    }
}
