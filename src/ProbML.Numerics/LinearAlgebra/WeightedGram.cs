namespace ProbML.LinearAlgebra;

/// <summary>X'WX of a block of rows: what a pass of iteratively reweighted least squares spends its time on.</summary>
internal static unsafe class WeightedGram
{
    /// <summary>Adds Σᵢ wᵢ xᵢ xᵢ' to the lower triangle of a matrix, leaving the rest of it as it is.</summary>
    /// <param name="x">The rows xᵢ, [rows, columns]; what lies between them is never used.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns p.</param>
    /// <param name="stride">The distance between rows, at least <paramref name="columns"/>.</param>
    /// <param name="weights">The weights wᵢ, of any sign, [rows].</param>
    /// <param name="gram">[p, p], row-major.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Accumulate(
        ReadOnlySpan<double> x, int rows, int columns, int stride, ReadOnlySpan<double> weights, Span<double> gram)
    {
        Guard.Matrix(x, rows, columns, stride);
        Guard.Vector(weights, rows);
        Guard.Matrix(gram, columns, columns, columns);
        if (rows == 0 || columns == 0)
            return;
        fixed (double* px = x, pw = weights, pg = gram)
        {
            switch (Simd.Path)
            {
                case SimdPath.Vector512:
                    WeightedGramPass<Lanes8>.Run(px, rows, columns, stride, pw, pg);
                    break;
                case SimdPath.Vector256:
                    WeightedGramPass<Lanes4>.Run(px, rows, columns, stride, pw, pg);
                    break;
                default:
                    WeightedGramPass<Lanes1>.Run(px, rows, columns, stride, pw, pg);
                    break;
            }
        }
    }
}
