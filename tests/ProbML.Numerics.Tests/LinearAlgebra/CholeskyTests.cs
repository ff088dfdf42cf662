using CsCheck;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

public sealed class CholeskyTests
{
    public static TheoryData<int> Orders => [.. Enumerable.Range(1, 17), 33, 40, 63, 64, 65, 66, 127, 128, 129, 193];

    [Theory, MemberData(nameof(Orders))]
    public void The_factor_times_its_transpose_is_the_matrix(int n) =>
        OnEachPath(n, n + (n % 3), (a, l, stride) =>
        {
            var lower = new double[n * n];
            for (int i = 0; i < n; i++)
            {
                l.AsSpan(i * stride, i + 1).CopyTo(lower.AsSpan(i * n));
                for (int j = i + 1; j < n; j++)
                    Assert.True(double.IsNaN(l[(i * stride) + j]), "above the diagonal nothing is written");
            }
            var product = Reference.Product(n, n, n, lower, n, false, lower, n, true);
            Reference.Close(product, a, n, n, stride, 4, $"n {n}", lowerOnly: true);
        });

    [Theory, MemberData(nameof(Orders))]
    public void The_matrix_times_the_solution_is_the_right_hand_side(int n) =>
        OnEachPath(n, n + (n % 3), (a, l, stride) =>
        {
            var full = Reference.Mirrored(a, n, stride);
            foreach (int columns in new[] { 1, 9, 65 })
            {
                int bStride = columns + 1;
                var b = Reference.Matrix(new Random(columns), n, columns, bStride);
                double[] x = [.. b];
                Cholesky.Solve(l, n, stride, x, columns, bStride);
                var product = Reference.Product(n, columns, n, full, n, false, x, bStride, false);
                Reference.Close(product, b, n, columns, bStride, 4, $"n {n}, {columns} right-hand sides");
            }
        });

    [Theory, MemberData(nameof(Orders))]
    public void The_matrix_times_its_inverse_is_the_identity(int n) =>
        OnEachPath(n, n + (n % 3), (a, l, stride) =>
        {
            int inverseStride = n + 2;
            var inverse = Reference.Matrix(new Random(n), n, n, inverseStride);
            Cholesky.InvertFromFactor(l, n, stride, inverse, inverseStride);
            var mirrored = Reference.Mirrored(inverse, n, inverseStride);
            Reference.Same(mirrored, Packed(inverse, n, inverseStride), "symmetry");
            var product = Reference.Product(
                n, n, n, Reference.Mirrored(a, n, stride), n, false, inverse, inverseStride, false);
            Reference.Close(product, Identity(n), n, n, n, 4, $"n {n}");
        });

    [Fact]
    public void Solutions_hold_for_any_shape() =>
        Gen.Select(Gen.Int[1, 90], Gen.Int[0, 9], Gen.Int).Sample(
            (n, extra, seed) => OnEachPath(n, n + extra, (a, l, stride) =>
            {
                var b = Reference.Vector(new Random(seed), n);
                double[] x = [.. b];
                Cholesky.Solve(l, n, stride, x);
                var product = Reference.Product(n, 1, n, Reference.Mirrored(a, n, stride), n, false, x, 1, false);
                Reference.Close(product, b, n, 1, 1, 4, $"n {n}");
            }),
            iter: 50);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 3)]
    [InlineData(64, 63)]
    [InlineData(65, 64)]
    [InlineData(130, 100)]
    [InlineData(200, 199)]
    public void A_pivot_that_is_not_positive_is_reported(int n, int at)
    {
        foreach (double pivot in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            foreach (var path in Reference.Paths)
            {
                using (Simd.Force(path))
                {
                    var a = Reference.PositiveDefinite(new Random(n), n, n);
                    for (int j = 0; j < at; j++)
                        a[(at * n) + j] = 0;                       // so that the pivot is the diagonal's own value
                    a[(at * n) + at] = pivot;
                    Assert.False(Cholesky.TryFactor(a, n, n, out int failedAt));
                    Assert.Equal(at, failedAt);
                }
            }
        }
    }

    [Fact]
    public void A_matrix_of_rank_one_fails_at_its_second_row()
    {
        double[] a = [4, 0, 2, 1];
        Assert.False(Cholesky.TryFactor(a, 2, 2, out int failedAt));
        Assert.Equal(1, failedAt);
    }

    [Fact]
    public void The_log_determinant_is_that_of_the_product()
    {
        double[] a = [4, 0, 0, 2, 5, 0, 1, 3, 6];                  // |A| = 4·(30 − 9) − 2·(12 − 3) + 1·(6 − 5) = 67
        Assert.True(Cholesky.TryFactor(a, 3, 3, out int failedAt));
        Assert.Equal(-1, failedAt);
        Assert.Equal(Math.Log(67), Cholesky.LogDeterminant(a, 3, 3), 1e-14);
    }

    [Fact]
    public void The_number_of_threads_leaves_no_trace()
    {
        const int N = 400;
        var a = Reference.PositiveDefinite(new Random(7), N, N);
        double[] one = [.. a], several = [.. a];
        Assert.True(Cholesky.TryFactor(one, N, N, out _));
        Assert.True(Cholesky.TryFactor(several, N, N, out _, threads: 3));
        Reference.Same(one, several, "factor");

        double[] inverseOfOne = new double[N * N], inverseOfSeveral = new double[N * N];
        Cholesky.InvertFromFactor(one, N, N, inverseOfOne, N);
        Cholesky.InvertFromFactor(one, N, N, inverseOfSeveral, N, threads: 4);
        Reference.Same(inverseOfOne, inverseOfSeveral, "inverse");
    }

    private static void OnEachPath(int n, int stride, Action<double[], double[], int> law)
    {
        var a = Reference.PositiveDefinite(new Random(n), n, stride);
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                double[] l = [.. a];
                Assert.True(Cholesky.TryFactor(l, n, stride, out int failedAt));
                Assert.Equal(-1, failedAt);
                law(a, l, stride);
            }
        }
    }

    private static double[] Packed(double[] a, int n, int stride) =>
        [.. Enumerable.Range(0, n).SelectMany(i => a.Skip(i * stride).Take(n))];

    private static double[] Identity(int n) =>
        [.. Enumerable.Range(0, n * n).Select(i => i % (n + 1) == 0 ? 1.0 : 0.0)];
}
