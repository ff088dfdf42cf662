using CsCheck;
using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

public sealed class GemmTests
{
    public static TheoryData<int> Sizes => [.. Reference.Sizes];

    [Theory, MemberData(nameof(Sizes))]
    public void Adds_a_multiple_of_the_product(int size)
    {
        Check(size, 9, 11, transposeA: size % 2 == 0, transposeB: size % 3 == 0, extra: size % 4, seed: size);
        Check(7, size, 5, transposeA: size % 3 == 0, transposeB: size % 2 == 0, extra: size % 4, seed: size);
        Check(10, 26, size, transposeA: size % 2 == 0, transposeB: size % 2 == 0, extra: size % 4, seed: size);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Blocks_join_without_a_seam(bool transposeA, bool transposeB) =>
        Check(99, 27, 300, transposeA, transposeB, extra: 1, seed: 3);

    [Fact]
    public void Blocks_of_columns_join_too() =>
        Check(5, 1000, 3, transposeA: false, transposeB: false, extra: 0, seed: 4);

    [Fact]
    public void Holds_for_any_shape() =>
        Gen.Select(Gen.Int[1, 80], Gen.Int[1, 80], Gen.Int[1, 80], Gen.Bool, Gen.Bool, Gen.Int[0, 9], Gen.Int)
            .Sample(Check, iter: 100);

    [Fact]
    public void The_number_of_threads_leaves_no_trace()
    {
        const int M = 301, N = 203, K = 299;
        var random = new Random(5);
        double[] a = Reference.Vector(random, M * K), b = Reference.Vector(random, K * N);
        var one = new double[M * N];
        Gemm.Accumulate(M, N, K, 1.5, a, K, false, b, N, false, one, N);
        foreach (int threads in new[] { 2, 3, 8 })
        {
            var several = new double[M * N];
            Gemm.Accumulate(M, N, K, 1.5, a, K, false, b, N, false, several, N, threads);
            Reference.Same(one, several, $"{threads} threads");
        }
    }

    [Fact]
    public void Fused_paths_agree_to_the_bit()
    {
        var random = new Random(6);
        double[] a = Reference.Vector(random, 37 * 300), b = Reference.Vector(random, 300 * 41);
        double[] wide = new double[37 * 41], narrow = new double[37 * 41];
        using (Simd.Force(SimdPath.Vector512))
            Gemm.Accumulate(37, 41, 300, 1, a, 300, false, b, 41, false, wide, 41);
        using (Simd.Force(SimdPath.Vector256))
            Gemm.Accumulate(37, 41, 300, 1, a, 300, false, b, 41, false, narrow, 41);
        Reference.Same(wide, narrow, "512 and 256 bits");
    }

    [Fact]
    public void Nothing_is_added_for_an_empty_product()
    {
        double[] c = [1, 2];
        Gemm.Accumulate(1, 2, 0, 1, [], 0, false, [], 2, false, c, 2);
        Assert.Equal([1, 2], c);
    }

    private static void Check(int m, int n, int k, bool transposeA, bool transposeB, int extra, int seed)
    {
        var random = new Random(seed);
        int lda = (transposeA ? m : k) + extra, ldb = (transposeB ? k : n) + extra, ldc = n + extra;
        var a = transposeA ? Reference.Matrix(random, k, m, lda) : Reference.Matrix(random, m, k, lda);
        var b = transposeB ? Reference.Matrix(random, n, k, ldb) : Reference.Matrix(random, k, n, ldb);
        var before = Reference.Matrix(random, m, n, ldc);
        var expected = Reference.Product(m, n, k, a, lda, transposeA, b, ldb, transposeB);
        for (int i = 0; i < expected.Length; i++)
            expected[i] = before[(i / n * ldc) + (i % n)] - (0.7 * expected[i]);
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                double[] c = [.. before];
                Gemm.Accumulate(m, n, k, -0.7, a, lda, transposeA, b, ldb, transposeB, c, ldc);
                Reference.Close(expected, c, m, n, ldc, k, $"{path} {m}, {n}, {k}, {transposeA}, {transposeB}");
            }
        }
    }
}
