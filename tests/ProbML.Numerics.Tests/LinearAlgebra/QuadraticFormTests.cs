using CsCheck;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

public sealed class QuadraticFormTests
{
    public static TheoryData<int> Columns => [.. Reference.Sizes];

    [Theory, MemberData(nameof(Columns))]
    public void Is_the_double_sum(int columns)
    {
        foreach (int rows in new[] { 1, 3, 4, 9, 101 })
            Check(rows, columns, columns % 3, seed: rows);
    }

    [Fact]
    public void Holds_for_any_shape() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 60], Gen.Int[0, 9], Gen.Int).Sample(Check, iter: 50);

    [Theory]
    [InlineData(51)]
    [InlineData(300)]
    public void A_row_does_not_depend_on_the_rows_around_it(int columns)
    {
        var random = new Random(columns);
        var x = Reference.Matrix(random, 100, columns, columns);
        var m = Reference.Mirrored(Reference.Vector(random, columns * columns), columns, columns);
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                double[] together = new double[100], alone = new double[100];
                QuadraticForm.Rows(x, 100, columns, columns, m, columns, together);
                for (int i = 0; i < 100; i++)
                    QuadraticForm.Rows(x.AsSpan(i * columns), 1, columns, columns, m, columns, alone.AsSpan(i));
                Reference.Same(together, alone, path.ToString());
            }
        }
    }

    private static void Check(int rows, int columns, int extra, int seed)
    {
        var random = new Random(seed);
        int stride = columns + extra;
        var x = Reference.Matrix(random, rows, columns, stride);
        var m = Reference.Mirrored(Reference.Vector(random, columns * columns), columns, columns);
        var products = Reference.Product(rows, columns, columns, x, stride, false, m, columns, false);
        var expected = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                expected[i] += products[(i * columns) + j] * x[(i * stride) + j];
        }
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                var result = new double[rows];
                QuadraticForm.Rows(x, rows, columns, stride, m, columns, result);
                Reference.Close(expected, result, rows, 1, 1, columns, $"{path} [{rows}, {columns}]");
            }
        }
    }
}
