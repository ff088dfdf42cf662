using ProbML.LinearAlgebra;

namespace ProbML.Numerics.Tests.LinearAlgebra;

public sealed class TriangularSolveTests
{
    public static TheoryData<int> Orders => [.. Reference.Sizes];

    [Theory, MemberData(nameof(Orders))]
    public void The_triangle_times_the_solution_is_the_right_hand_side(int n)
    {
        var random = new Random(n);
        int stride = n + (n % 3);
        var l = Reference.PositiveDefinite(random, n, stride);        // its lower triangle is as good as any
        var lower = new double[n * n];
        for (int i = 0; i < n; i++)
            l.AsSpan(i * stride, i + 1).CopyTo(lower.AsSpan(i * n));
        foreach (int columns in new[] { 1, 4, 8, 33, 70 })
        {
            int bStride = columns + (n % 2);
            var b = Reference.Matrix(random, n, columns, bStride);
            foreach (var path in Reference.Paths)
            {
                using (Simd.Force(path))
                {
                    string what = $"{path} n {n}, {columns} right-hand sides";
                    double[] forward = [.. b], backward = [.. b];
                    TriangularSolve.Forward(l, n, stride, forward, columns, bStride);
                    TriangularSolve.Backward(l, n, stride, backward, columns, bStride);
                    var again = Reference.Product(n, columns, n, lower, n, false, forward, bStride, false);
                    Reference.Close(again, b, n, columns, bStride, 4, what);
                    again = Reference.Product(n, columns, n, lower, n, true, backward, bStride, false);
                    Reference.Close(again, b, n, columns, bStride, 4, what + ", transposed");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Orders))]
    public void One_right_hand_side_is_solved_as_many_are(int n)
    {
        var l = Reference.PositiveDefinite(new Random(n), n, n);
        var b = Reference.Vector(new Random(-n), n);
        foreach (var path in Reference.Paths)
        {
            using (Simd.Force(path))
            {
                double[] one = [.. b], many = [.. b];
                TriangularSolve.Forward(l, n, n, one);
                TriangularSolve.Forward(l, n, n, many, 1, 1);
                Reference.Close(many, one, n, 1, 1, 4, $"{path} forward {n}");
                TriangularSolve.Backward(l, n, n, one);
                TriangularSolve.Backward(l, n, n, many, 1, 1);
                Reference.Close(many, one, n, 1, 1, 4, $"{path} backward {n}");
            }
        }
    }

    [Fact]
    public void The_number_of_threads_leaves_no_trace()
    {
        const int N = 300, Columns = 333;
        var l = Reference.PositiveDefinite(new Random(1), N, N);
        double[] one = Reference.Vector(new Random(2), N * Columns), several = [.. one];
        TriangularSolve.Forward(l, N, N, one, Columns, Columns);
        TriangularSolve.Backward(l, N, N, one, Columns, Columns);
        TriangularSolve.Forward(l, N, N, several, Columns, Columns, threads: 3);
        TriangularSolve.Backward(l, N, N, several, Columns, Columns, threads: 3);
        Reference.Same(one, several, "three threads");
    }
}
