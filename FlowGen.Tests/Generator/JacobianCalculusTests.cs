using FlowGen.Generator.Model;
using FlowGen.Verification;
using Xunit;

namespace FlowGen.Tests.Generator;

/// <summary>The algebra of proofs against random matrices: what it says of a product or a sum holds for the product or the sum.</summary>
public sealed class JacobianCalculusTests
{
    private const int Size = 5;

    // Two orders of the same coordinates; a matrix is triangular in one if it is when rows and columns are listed so.
    private static readonly Dictionary<string, int[]> Orders = new(StringComparer.Ordinal) { ["a"] = [0, 1, 2, 3, 4], ["b"] = [3, 0, 4, 2, 1] };

    [Fact]
    public void Products_are_what_the_algebra_says()
    {
        var random = new System.Random(5);
        int triangular = 0;
        for (int round = 0; round < 2000; round++)
        {
            var (proof, matrix) = Draw(random);
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                var (next, by) = Draw(random);
                proof = proof.Then(next);
                matrix = Product(by, matrix);
            }

            triangular += proof.Form.HasDiagonal ? 1 : 0;
            Check(proof, matrix);
        }

        Assert.InRange(triangular, 100, 1900);
    }

    [Fact]
    public void Sums_are_what_the_algebra_says()
    {
        var random = new System.Random(6);
        int certified = 0;
        for (int round = 0; round < 2000; round++)
        {
            var (one, first) = Draw(random);
            var (other, second) = Draw(random);
            var proof = one.Plus(other);
            double[,] sum = new double[Size, Size];
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i / Size, i % Size] = first[i / Size, i % Size] + second[i / Size, i % Size];
            }

            certified += proof.IsNonsingular ? 1 : 0;
            Check(proof, sum);
        }

        Assert.InRange(certified, 50, 1500);
    }

    [Fact]
    public void A_map_and_its_negative_are_not_certified()
    {
        var map = LayerProof.Triangular(new JacobianForm(JacobianPattern.Lower, "a"), DiagonalBound.Nonzero, LogDetClass.Data);
        Assert.False(map.Plus(map).IsNonsingular);
        Assert.True(map.Then(map).IsNonsingular);
    }

    [Fact]
    public void A_residual_of_triangular_maps_with_a_positive_diagonal_is_a_bijection()
    {
        // MintNet: t x + W3 h(W2 h(W1 x)), all of one order, the product of the diagonals not negative.
        var order = new JacobianForm(JacobianPattern.Lower, "channel, row, column");
        var path = LayerProof.Triangular(order, DiagonalBound.NonNegative, LogDetClass.Data, Smoothness.Once);
        var scale = LayerProof.Triangular(JacobianForm.Diagonal, DiagonalBound.Positive(0.5), LogDetClass.Parameters);
        var mint = scale.Plus(path);
        Assert.True(mint.IsNonsingular);
        Assert.Equal(order, mint.Form);
        Assert.Equal(0.5, mint.Diagonal.Low);
        Assert.Equal(Smoothness.Once, mint.Smoothness);

        var upper = LayerProof.Triangular(order with { Pattern = JacobianPattern.Upper }, DiagonalBound.NonNegative, LogDetClass.Data);
        Assert.False(scale.Plus(path.Plus(upper)).IsNonsingular);
        Assert.Equal(JacobianForm.Dense, mint.Then(scale.Plus(upper)).Form);
        Assert.True(mint.Then(scale.Plus(upper)).IsNonsingular);
    }

    private static (LayerProof Proof, double[,] Matrix) Draw(System.Random random)
    {
        var matrix = new double[Size, Size];
        var sign = (DiagonalSign)random.Next(4);
        var bound = sign switch
        {
            DiagonalSign.Positive => DiagonalBound.Positive(0.25, 2),
            DiagonalSign.NonNegative => DiagonalBound.NonNegative,
            DiagonalSign.Nonzero => DiagonalBound.Nonzero,
            _ => DiagonalBound.Unknown,
        };
        string order = random.Next(2) == 0 ? "a" : "b";
        var pattern = (JacobianPattern)random.Next(4);
        var form = pattern switch
        {
            JacobianPattern.Diagonal => random.Next(2) == 0 ? JacobianForm.Diagonal : JacobianForm.Permutation,
            JacobianPattern.Dense => JacobianForm.Dense,
            _ => new JacobianForm(pattern, order),
        };
        if (form == JacobianForm.Permutation)
        {
            int[] places = [.. Enumerable.Range(0, Size)];
            random.Shuffle(places);
            for (int i = 0; i < Size; i++)
            {
                matrix[i, places[i]] = 1;
            }

            return (LayerProof.Triangular(form, DiagonalBound.One, LogDetClass.Zero), matrix);
        }

        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                matrix[i, j] = i == j ? Entry(sign, random) : MayBe(form, i, j) ? (2 * random.NextDouble()) - 1 : 0;
            }
        }

        var proof = LayerProof.Triangular(form, bound, LogDetClass.Data);
        return (pattern == JacobianPattern.Dense ? proof with { IsNonsingular = false } : proof, matrix);
    }

    private static double Entry(DiagonalSign sign, System.Random random) => sign switch
    {
        DiagonalSign.Positive => 0.25 + (1.75 * random.NextDouble()),
        DiagonalSign.NonNegative => random.Next(3) == 0 ? 0 : random.NextDouble(),
        DiagonalSign.Nonzero => (0.1 + random.NextDouble()) * (random.Next(2) == 0 ? 1 : -1),
        _ => random.Next(3) - 1,
    };

    private static bool MayBe(JacobianForm form, int output, int input)
    {
        if (form.Pattern is JacobianPattern.Diagonal or JacobianPattern.Dense)
        {
            return form.Pattern == JacobianPattern.Dense || output == input;
        }

        int[] order = Orders[form.Order];
        int rise = Array.IndexOf(order, output) - Array.IndexOf(order, input);
        return form.Pattern == JacobianPattern.Lower ? rise >= 0 : rise <= 0;
    }

    private static void Check(LayerProof proof, double[,] matrix)
    {
        if (proof.Form.HasDiagonal)
        {
            for (int i = 0; i < Size; i++)
            {
                Assert.True(proof.Diagonal.Sign switch
                {
                    DiagonalSign.Positive => matrix[i, i] > 0 && matrix[i, i] >= proof.Diagonal.Low - 1e-12 && matrix[i, i] <= proof.Diagonal.High + 1e-12,
                    DiagonalSign.NonNegative => matrix[i, i] >= 0,
                    DiagonalSign.Nonzero => matrix[i, i] != 0,
                    _ => true,
                });
                for (int j = 0; j < Size; j++)
                {
                    Assert.True(matrix[i, j] == 0 || MayBe(proof.Form, i, j), $"{proof.Form}: entry {i}, {j}");
                }
            }
        }

        Assert.True(!proof.IsNonsingular || double.IsFinite(new LuDecomposition(matrix).LogAbsDet));
    }

    private static double[,] Product(double[,] left, double[,] right)
    {
        double[,] product = new double[Size, Size];
        for (int i = 0; i < Size; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                for (int k = 0; k < Size; k++)
                {
                    product[i, j] += left[i, k] * right[k, j];
                }
            }
        }

        return product;
    }
}
