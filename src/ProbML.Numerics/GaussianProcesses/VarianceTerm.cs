using ProbML.LinearAlgebra;

namespace ProbML.GaussianProcesses;

/// <summary>A quadratic form that is taken from the prior variance, or given back to it: ± |L⁻¹ k|² or ± |Wᵀ k|².</summary>
internal sealed class VarianceTerm
{
    private readonly double[] values;

    private VarianceTerm(double sign, bool isSolve, double[] values, int rows, int rank) =>
        (Sign, IsSolve, this.values, Rows, Rank) = (sign, isSolve, values, rows, rank);

    /// <summary>−1: taken; +1: given back.</summary>
    public double Sign { get; }

    /// <summary>Whether it is |L⁻¹ k|², L triangular; else |Wᵀ k|².</summary>
    public bool IsSolve { get; }

    /// <summary>m.</summary>
    public int Rows { get; }

    /// <summary>The length of L⁻¹ k or Wᵀ k.</summary>
    public int Rank { get; }

    /// <summary>sign · |L⁻¹ k|².</summary>
    /// <param name="sign">−1 or +1.</param>
    /// <param name="lower">L, the lower triangle of [m, m]; what is above it is not read. Kept, not copied.</param>
    /// <param name="rows">m.</param>
    public static VarianceTerm Solve(double sign, double[] lower, int rows) => new(sign, true, lower, rows, rows);

    /// <summary>sign · |Wᵀ k|².</summary>
    /// <param name="sign">−1 or +1.</param>
    /// <param name="w">W, [m, r], row-major. Kept, not copied.</param>
    /// <param name="rows">m.</param>
    /// <param name="rank">r.</param>
    public static VarianceTerm Multiply(double sign, double[] w, int rows, int rank) => new(sign, false, w, rows, rank);

    /// <summary>Adds the term of each column of cross covariances.</summary>
    /// <param name="cross">k of each input, [m, count]; spoilt.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="variance">[count].</param>
    /// <param name="threads">The most threads.</param>
    public void Add(Span<double> cross, int count, Span<double> variance, int threads)
    {
        if (IsSolve)
        {
            if (count == 1)
                TriangularSolve.Forward(values, Rows, Rows, cross[..Rows]);
            else
                TriangularSolve.Forward(values, Rows, Rows, cross, count, count, threads);
            AddSquares(cross, Rows, variance);
            return;
        }
        using var rented = new RentedNumbers(Rank * count);
        var product = rented.Take(Rank * count);
        Gemm.Accumulate(Rank, count, Rows, 1, values, Rank, true, cross, count, false, product, count, threads);
        AddSquares(product, Rank, variance);
    }

    /// <summary>The matrix B, [m, r], with which the term is sign · |Bᵀ k|².</summary>
    public double[] ToProduct()
    {
        if (!IsSolve)
            return values;
        var inverse = new double[Rows * Rows];             // L⁻ᵀ
        for (int i = 0; i < Rows; i++)
            inverse[i * Rows + i] = 1;
        TriangularSolve.Backward(values, Rows, Rows, inverse, Rows, Rows);
        return inverse;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Sign);
        writer.Write(IsSolve);
        writer.Write(Rank);
        for (int i = 0; i < Rows; i++)
            writer.WriteNumbers(values.AsSpan(i * Rank, IsSolve ? i + 1 : Rank));
    }

    public static VarianceTerm Read(BinaryReader reader, int rows)
    {
        double sign = reader.ReadDouble();
        bool isSolve = reader.ReadBoolean();
        int rank = reader.ReadCount("columns of a variance factor");
        if (sign is not (1 or -1) || (isSolve ? rank != rows : (long)rank * rows > Array.MaxLength))
            throw new FormatException("The Gaussian process's variance factor does not fit its inputs: the model is damaged.");
        var lines = new double[rows][];                     // a file cut short ends here before much memory is taken
        for (int i = 0; i < rows; i++)
            reader.ReadNumbers(lines[i] = new double[isSolve ? i + 1 : rank], "variance factor");
        var values = new double[rows * rank];
        for (int i = 0; i < rows; i++)
            lines[i].CopyTo(values.AsSpan(i * rank));
        return new(sign, isSolve, values, rows, rank);
    }

    private void AddSquares(ReadOnlySpan<double> columns, int rows, Span<double> variance)
    {
        int count = variance.Length;
        for (int k = 0; k < rows; k++)
        {
            var row = columns.Slice(k * count, count);
            for (int i = 0; i < count; i++)
                variance[i] += Sign * row[i] * row[i];
        }
    }
}
