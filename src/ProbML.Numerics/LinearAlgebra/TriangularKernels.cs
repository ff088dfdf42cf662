namespace ProbML.LinearAlgebra;

/// <summary>Triangular solves in one kind of register.</summary>
internal static unsafe class TriangularKernels<T>
    where T : unmanaged, ILanes<T>
{
    private const int BlockOrder = 64;

    /// <summary>One right-hand side: forward by products with rows, backward by multiples of rows.</summary>
    public static void SolveOne(double* l, int n, nint stride, double* b, bool transposed)
    {
        if (transposed)
        {
            for (int j = n - 1; j >= 0; j--)
            {
                double* row = l + (j * stride);
                b[j] /= row[j];
                VectorKernels<T>.AddScaled(-b[j], row, b, j);
            }
            return;
        }
        for (int j = 0; j < n; j++)
        {
            double* row = l + (j * stride);
            b[j] = (b[j] - VectorKernels<T>.Dot(row, b, j)) / row[j];
        }
    }

    /// <summary>Many right-hand sides: a diagonal block at a time, the rest by matrix products.</summary>
    public static void SolveMany(
        double* l, int n, nint stride, double* b, int columns, nint bStride, bool transposed, int threads)
    {
        if (n == 0 || columns == 0)
            return;
        double* lEnd = l + ((n - 1) * stride) + n;
        double* bEnd = b + ((n - 1) * bStride) + columns;
        int blocks = (n + BlockOrder - 1) / BlockOrder;
        for (int step = 0; step < blocks; step++)
        {
            int first = (transposed ? blocks - 1 - step : step) * BlockOrder;
            int order = Math.Min(BlockOrder, n - first), next = first + order;
            double* corner = l + (first * (stride + 1));
            SolveDiagonal(corner, stride, order, b + (first * bStride), columns, bStride, transposed);
            new Product
            {
                Rows = transposed ? first : n - next,
                Columns = columns,
                Depth = order,
                Alpha = -1,
                Left = transposed
                    ? new(l + (first * stride), stride, rowsAreVectors: false, lEnd)
                    : new(l + (next * stride) + first, stride, rowsAreVectors: true, lEnd),
                Right = new(b + (first * bStride), bStride, rowsAreVectors: false, bEnd),
                Target = transposed ? b : b + (next * bStride),
                TargetStride = bStride,
            }.Accumulate(threads);
        }
    }

    private static void SolveDiagonal(
        double* l, nint stride, int order, double* b, int columns, nint bStride, bool transposed)
    {
        using var copy = new Scratch(BlockOrder * Substitution<T>.GroupWidth);
        for (int first = 0; first < columns; first += Substitution<T>.GroupWidth)
        {
            int count = Math.Min(Substitution<T>.GroupWidth, columns - first);
            int width = count <= T.Width ? T.Width : Substitution<T>.GroupWidth;
            for (int j = 0; j < order; j++)
            {
                var row = new Span<double>(copy.Pointer + (j * width), width);
                new ReadOnlySpan<double>(b + (j * bStride) + first, count).CopyTo(row);
                row[count..].Clear();
            }
            Solve(l, stride, order, copy.Pointer, width, transposed);
            for (int j = 0; j < order; j++)
                new ReadOnlySpan<double>(copy.Pointer + (j * width), count)
                    .CopyTo(new Span<double>(b + (j * bStride) + first, count));
        }
    }

    /// <summary>Solves for one group or one register of right-hand sides, packed side by side.</summary>
    public static void Solve(double* l, nint stride, int order, double* b, int width, bool transposed)
    {
        nint rowStep = stride, columnStep = 1, step = width;
        if (transposed)
        {
            l += (order - 1) * (stride + 1);
            b += (order - 1) * step;
            (rowStep, columnStep, step) = (-1, -stride, -step);
        }
        if (width == T.Width)
            Substitution<T>.SolveRegister(l, rowStep, columnStep, order, b, step);
        else
            Substitution<T>.SolveGroup(l, rowStep, columnStep, order, b, step);
    }
}
