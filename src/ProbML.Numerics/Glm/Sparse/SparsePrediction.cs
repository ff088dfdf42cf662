using System.Collections.Concurrent;

namespace ProbML.Fitting;

/// <summary>η and its variance for rows of a model of sparse features, given sparse or dense: no work for features that are zero.</summary>
internal sealed class SparsePrediction(RowTransform transform, double[] scaled, ArrowFactor? factor)
{
    private readonly double[] coefficients = transform.Original(scaled);
    private readonly ConcurrentBag<ArrowRows> spare = [];

    /// <summary>η of each row, offsets aside.</summary>
    public void Eta(in RowBlock rows, Span<double> eta)
    {
        int first = transform.Intercept ? 1 : 0;
        var slopes = coefficients.AsSpan(first);
        for (int i = 0; i < rows.Count; i++)
        {
            double sum = first == 1 ? coefficients[0] : 0;
            if (rows.IsSparse)
            {
                for (int k = rows.RowStarts[i]; k < rows.RowStarts[i + 1]; k++)
                    sum += slopes[rows.Indices[k]] * rows.Entries[k];
            }
            else
            {
                var row = rows.Row(i);
                for (int j = 0; j < row.Length; j++)
                {
                    if (row[j] != 0)                      // and so the same sum, to the bit, as of the sparse row
                        sum += slopes[j] * row[j];
                }
            }
            eta[i] = sum;
        }
    }

    /// <summary>Var(η̂) at φ = 1 of each row; NaN where there is no covariance.</summary>
    public void Variances(in RowBlock rows, Span<double> variances)
    {
        if (factor is null)
        {
            variances.Fill(double.NaN);
            return;
        }
        if (!spare.TryTake(out var z))
            z = new ArrowRows(factor.Layout);
        for (int start = 0; start < rows.Count; start += RowLikelihood.Capacity)
        {
            int count = Math.Min(RowLikelihood.Capacity, rows.Count - start);
            z.Fill(rows, start, count);
            factor.Variances(z, count, variances.Slice(start, count));
        }
        spare.Add(z);
    }
}
