namespace ProbML.GaussianProcesses;

/// <summary>Inputs x₁ … xₙ of d features, [n, d], kept column by column, so that a kernel's row is computed in vectors.</summary>
public sealed class InputColumns
{
    private readonly double[] values;

    private InputColumns(double[] values, int rows, int features) => (this.values, Rows, Features) = (values, rows, features);

    /// <summary>n.</summary>
    public int Rows { get; }

    /// <summary>d.</summary>
    public int Features { get; }

    /// <summary>Copies rows [n, d], row-major.</summary>
    /// <exception cref="ArgumentException">The numbers are no whole rows.</exception>
    public static InputColumns FromRows(ReadOnlySpan<double> rows, int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (rows.Length % features != 0)
            throw new ArgumentException($"{rows.Length} numbers are no whole rows of {features} features.", nameof(rows));
        int n = rows.Length / features;
        var values = new double[rows.Length];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < features; j++)
                values[j * n + i] = rows[i * features + j];
        return new(values, n, features);
    }

    /// <summary>Views numbers that lie column by column already, [d, n] at their start; nothing is copied.</summary>
    internal static InputColumns Over(double[] columns, int rows, int features) => new(columns, rows, features);

    /// <summary>One feature of all rows, [n].</summary>
    public ReadOnlySpan<double> Column(int feature) => values.AsSpan(feature * Rows, Rows);

    /// <summary>Copies the features of one row, [d].</summary>
    public void CopyRow(int row, Span<double> x)
    {
        for (int j = 0; j < Features; j++)
            x[j] = values[j * Rows + row];
    }

    /// <summary>The rows, [n, d], row-major.</summary>
    public double[] ToRows()
    {
        var rows = new double[Rows * Features];
        for (int i = 0; i < Rows; i++)
            CopyRow(i, rows.AsSpan(i * Features, Features));
        return rows;
    }
}
