using CsCheck;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

public sealed class SyrkTests
{
    public static TheoryData<int> Sizes => [.. Reference.Sizes];

    [Theory, MemberData(nameof(Sizes))]
    public void Adds_to_the_lower_triangle_alone(int n)
    {
        Check(n, 13, transpose: false, extra: n % 3, seed: n);
        Check(n, 66, transpose: true, extra: n % 4, seed: n);
    }

    [Fact]
    public void Holds_for_any_shape() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 60], Gen.Bool, Gen.Int[0, 9], Gen.Int).Sample(Check, iter: 100);

    [Fact]
    public void Blocks_of_columns_join_without_a_seam() => Check(1000, 3, transpose: false, extra: 0, seed: 1);

    [Fact]
    public void The_number_of_threads_leaves_no_trace()
    {
        const int N = 401, K = 303;
        var a = Reference.Vector(new Random(5), N * K);
        double[] one = new double[N * N], several = new double[N * N];
        Syrk.Accumulate(N, K, 1.5, a, K, false, one, N);
        Syrk.Accumulate(N, K, 1.5, a, K, false, several, N, threads: 3);
        Reference.Same(one, several, "three threads");
    }

    private static void Check(int n, int k, bool transpose, int extra, int seed)
    {
        var random = new Random(seed);
        int lda = (transpose ? n : k) + extra, ldc = n + extra;
        var a = transpose ? Reference.Matrix(random, k, n, lda) : Reference.Matrix(random, n, k, lda);
        var before = Reference.Matrix(random, n, n, ldc);
        var expected = Reference.Product(n, n, k, a, lda, transpose, a, lda, !transpose);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                expected[(i * n) + j] = before[(i * ldc) + j] - (j > i ? 0 : 0.7 * expected[(i * n) + j]);
        }
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                double[] c = [.. before];
                Syrk.Accumulate(n, k, -0.7, a, lda, transpose, c, ldc);
                Reference.Close(expected, c, n, n, ldc, k, $"{path} {n}, {k}, {transpose}");
            }
        }
    }
}
