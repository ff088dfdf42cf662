using CsCheck;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

public sealed class GemvTests
{
    public static TheoryData<int> Columns => [.. Reference.Sizes];

    [Theory, MemberData(nameof(Columns))]
    public void Multiplies_by_the_matrix_and_its_transpose(int columns)
    {
        foreach (int rows in new[] { 1, 2, 3, 4, 5, 8, 63 })
        {
            Check(rows, columns, columns, seed: columns);
            Check(rows, columns, columns + 3, seed: columns);
        }
    }

    [Fact]
    public void Holds_for_any_shape() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 200], Gen.Int[0, 20], Gen.Int)
            .Sample((rows, columns, extra, seed) => Check(rows, columns, columns + extra, seed), iter: 100);

    [Fact]
    public void A_row_does_not_depend_on_the_rows_around_it()
    {
        var random = new Random(1);
        var x = Reference.Matrix(random, 11, 51, 51);
        var b = Reference.Vector(random, 51);
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                double[] together = new double[11], alone = new double[11];
                Gemv.Multiply(x, 11, 51, 51, b, together);
                for (int i = 0; i < 11; i++)
                    Gemv.Multiply(x.AsSpan(i * 51), 1, 51, 51, b, alone.AsSpan(i));
                Reference.Same(together, alone, path.ToString());
            }
        }
    }

    private static void Check(int rows, int columns, int stride, int seed)
    {
        var random = new Random(seed);
        var x = Reference.Matrix(random, rows, columns, stride);
        double[] b = Reference.Vector(random, columns), v = Reference.Vector(random, rows);
        var before = Reference.Vector(random, columns);
        var product = Reference.Product(rows, 1, columns, x, stride, false, b, 1, false);
        var total = Reference.Product(columns, 1, rows, x, stride, true, v, 1, false);
        for (int j = 0; j < columns; j++)
            total[j] += before[j];
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                string what = $"{path} [{rows}, {columns}] stride {stride}";
                double[] result = new double[rows], sum = [.. before];
                Gemv.Multiply(x, rows, columns, stride, b, result);
                Gemv.AccumulateTransposed(x, rows, columns, stride, v, sum);
                Reference.Close(product, result, rows, 1, 1, columns, what);
                Reference.Close(total, sum, columns, 1, 1, rows, what);
            }
        }
    }
}
