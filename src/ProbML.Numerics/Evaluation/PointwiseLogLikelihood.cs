namespace ProbML.Evaluation;

/// <summary>ln p(yᵢ | θₛ) of every row i under every posterior draw s, [S, n]: what WAIC and PSIS-LOO are made of.</summary>
public sealed class PointwiseLogLikelihood
{
    private readonly double[] byRow;

    /// <summary>Takes a matrix [S, n].</summary>
    /// <param name="values">[S, n], row-major: a draw's rows stand together.</param>
    /// <param name="draws">S ≥ 2.</param>
    /// <exception cref="ArgumentException">The numbers are no whole draws, or one of them is not finite.</exception>
    public PointwiseLogLikelihood(ReadOnlySpan<double> values, int draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 2);
        if (values.IsEmpty || values.Length % draws != 0)
            throw new ArgumentException(
                $"{values.Length} log likelihoods are no matrix of {draws} draws.", nameof(values));
        (Draws, Rows) = (draws, values.Length / draws);
        byRow = new double[values.Length];
        for (int s = 0; s < Draws; s++)
            for (int i = 0; i < Rows; i++)
            {
                double value = values[s * Rows + i];
                if (!double.IsFinite(value))
                    throw new ArgumentException(
                        $"The log likelihood of row {i + 1} under draw {s + 1} is {value}; all must be finite.",
                        nameof(values));
                byRow[i * Draws + s] = value;
            }
    }

    /// <summary>S.</summary>
    public int Draws { get; }

    /// <summary>n.</summary>
    public int Rows { get; }

    /// <summary>ln p(yᵢ | θₛ) of a row, [S].</summary>
    public ReadOnlySpan<double> Row(int index) => byRow.AsSpan(index * Draws, Draws);
}
