namespace ProbML.LinearAlgebra;

/// <summary>The Cholesky factorisation in one kind of register.</summary>
internal static unsafe class CholeskyKernels<T>
    where T : unmanaged, ILanes<T>
{
    private const int BlockOrder = 64;

    /// <summary>Factors in place; the pivot that is not positive, or −1.</summary>
    public static int Factor(double* a, int n, nint stride, int threads)
    {
        double* end = a + ((n - 1) * stride) + n;
        for (int first = 0; first < n; first += BlockOrder)
        {
            int order = Math.Min(BlockOrder, n - first), next = first + order, rest = n - next;
            double* corner = a + (first * (stride + 1));
            int failed = FactorDiagonal(corner, order, stride);
            if (failed >= 0)
                return first + failed;
            double* below = corner + (order * stride);
            SolvePanel(corner, order, below, rest, stride, threads);
            Syrk.Accumulate(rest, order, -1, new(below, stride, true, end), below + order, stride, threads);
        }
        return -1;
    }

    /// <summary>A₁₁ = L₁₁ L₁₁', on a transposed copy, so that the updates run along rows.</summary>
    private static int FactorDiagonal(double* a, int order, nint stride)
    {
        using var copy = new Scratch(BlockOrder * BlockOrder);
        double* upper = copy.Pointer;
        for (int j = 0; j < order; j++)
        {
            for (int i = j; i < order; i++)
                upper[(j * BlockOrder) + i] = a[(i * stride) + j];
        }

        for (int j = 0; j < order; j++)
        {
            double* pivot = upper + (j * BlockOrder);
            if (!(pivot[j] > 0) || double.IsPositiveInfinity(pivot[j]))
                return j;
            double root = Math.Sqrt(pivot[j]), scale = 1 / root;
            pivot[j] = root;
            for (int i = j + 1; i < order; i++)
                pivot[i] *= scale;
            for (int i = j + 1; i < order; i++)
                VectorKernels<T>.AddScaled(-pivot[i], pivot + i, upper + (i * BlockOrder) + i, order - i);
        }

        for (int i = 0; i < order; i++)
        {
            for (int j = 0; j <= i; j++)
                a[(i * stride) + j] = upper[(j * BlockOrder) + i];
        }
        return -1;
    }

    /// <summary>L₂₁ = A₂₁ L₁₁⁻ᵀ: each row of A₂₁ is a right-hand side of L₁₁ x = b.</summary>
    private static void SolvePanel(double* corner, int order, double* below, int rows, nint stride, int threads)
    {
        int group = Substitution<T>.GroupWidth;
        Threads.For((double)rows * order * order / 2, threads, (rows + group - 1) / group, index =>
        {
            double* first = below + (index * group * stride);
            int count = Math.Min(group, rows - (index * group)), width = count <= T.Width ? T.Width : group;
            using var copy = new Scratch(order * width);
            new Span<double>(copy.Pointer, order * width).Clear();
            Panel.PackColumns(first, stride, 1, order, count, width, copy.Pointer);
            TriangularKernels<T>.Solve(corner, stride, order, copy.Pointer, width, transposed: false);
            Panel.UnpackColumns(copy.Pointer, order, count, width, first, stride);
        });
    }
}
