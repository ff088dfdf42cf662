using CsCheck;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

public sealed class WeightedGramTests
{
    public static TheoryData<int> Columns => [.. Reference.Sizes, 257];

    [Theory, MemberData(nameof(Columns))]
    public void Is_the_weighted_sum_of_outer_products(int columns)
    {
        Check(rows: 1, columns, stride: columns, seed: columns);
        Check(rows: 64, columns, stride: columns + 5, seed: columns);
        Check(rows: 65, columns, stride: (columns + 15) / 16 * 16, seed: columns);
        Check(rows: 131, columns, stride: columns, seed: columns);
    }

    [Fact]
    public void Holds_for_any_shape() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 90], Gen.Int[0, 20], Gen.Int)
            .Sample((rows, columns, extra, seed) => Check(rows, columns, columns + extra, seed), iter: 100);

    [Fact]
    public void Nothing_is_added_for_no_rows()
    {
        double[] gram = [1, 2, 3, 4];
        WeightedGram.Accumulate([], 0, 2, 2, [], gram);
        Assert.Equal([1, 2, 3, 4], gram);
    }

    [Fact]
    public void Short_spans_are_refused()
    {
        AssertRefused(x: 5, stride: 3, weights: 2, gram: 9);
        AssertRefused(x: 6, stride: 3, weights: 1, gram: 9);
        AssertRefused(x: 6, stride: 3, weights: 2, gram: 8);
        AssertRefused(x: 6, stride: 2, weights: 2, gram: 9);
    }

    private static void AssertRefused(int x, int stride, int weights, int gram) =>
        Assert.Throws<ArgumentException>(() => WeightedGram.Accumulate(
            new double[x], 2, 3, stride, new double[weights], new double[gram]));

    private static void Check(int rows, int columns, int stride, int seed)
    {
        var random = new Random(seed);
        var x = Reference.Matrix(random, rows, columns, stride);
        var weights = Reference.Vector(random, rows);             // of both signs
        weights[rows / 2] = 0;
        var before = Reference.Matrix(random, columns, columns, columns);
        var expected = new double[columns * columns];
        for (int r = 0; r < rows; r++)
        {
            for (int i = 0; i < columns; i++)
                Reference.AddScaled(
                    weights[r] * x[(r * stride) + i], x.AsSpan(r * stride, i + 1), expected.AsSpan(i * columns, i + 1));
        }
        for (int i = 0; i < expected.Length; i++)
            expected[i] += before[i];
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                double[] gram = [.. before], again = [.. before];
                WeightedGram.Accumulate(x, rows, columns, stride, weights, gram);
                WeightedGram.Accumulate(x, rows, columns, stride, weights, again);
                Reference.Same(gram, again, "a second run");
                string what = $"{path} [{rows}, {columns}] stride {stride}";
                Reference.Close(expected, gram, columns, columns, columns, rows, what);
            }
        }
    }
}
