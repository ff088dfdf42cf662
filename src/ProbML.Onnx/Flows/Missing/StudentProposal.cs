using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace ProbML.Flows;

/// <summary>q = t_ν(μ_m + Σ_mo Σ_oo⁻¹ (z_o − μ_o), Σ_mm − Σ_mo Σ_oo⁻¹ Σ_om): the normal conditional, with heavier tails.</summary>
internal sealed class StudentProposal : CompletionProposal
{
    private const double Degrees = 8;

    private readonly PartialRow partial;
    private readonly int[] missing;
    private readonly Vector<double> centre;
    private readonly Matrix<double> factor;
    private readonly double constant;

    public StudentProposal(PartialRow partial, FlowMoments moments)
    {
        this.partial = partial;
        int d = partial.Values.Length;
        missing = [.. Enumerable.Range(0, d).Where(partial.IsMissing)];
        int[] known = [.. Enumerable.Range(0, d).Where(j => !partial.IsMissing(j))];
        double[] values = [.. partial.Values];
        for (int k = 0; k < partial.Unknown.Length; k++)
            values[partial.Unknown[k]] += 0.5 * partial.Widths[k];
        int m = missing.Length;
        var covariance = Part(missing, missing);
        centre = Vector<double>.Build.Dense(m, k => moments.Mean[missing[k]]);
        if (m > 0 && known.Length > 0)
        {
            var cross = Part(known, missing);
            var solved = Part(known, known).Cholesky().Solve(cross);
            centre += solved.TransposeThisAndMultiply(
                Vector<double>.Build.Dense(known.Length, k => values[known[k]] - moments.Mean[known[k]]));
            covariance -= cross.TransposeThisAndMultiply(solved);
        }
        factor = m > 0 ? Spread.Factor(covariance) : Matrix<double>.Build.Dense(1, 1, 1);
        double logs = 0;
        for (int k = 0; k < m; k++)
            logs += Math.Log(factor[k, k]);
        constant = MathNet.Numerics.SpecialFunctions.GammaLn(0.5 * (Degrees + m)) - MathNet.Numerics.SpecialFunctions.GammaLn(0.5 * Degrees)
            - 0.5 * m * Math.Log(Degrees * Math.PI) - logs + partial.LogCells();

        Matrix<double> Part(int[] rows, int[] columns) => rows.Length == 0 || columns.Length == 0
            ? Matrix<double>.Build.Dense(1, 1)
            : Matrix<double>.Build.Dense(rows.Length, columns.Length, (i, j) => moments.Covariance[rows[i], columns[j]]);
    }

    public override void Draw(float[] rows, int count, Random random)
    {
        int d = partial.Values.Length, m = missing.Length;
        var normal = new double[m];
        for (int i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * d, d);
            partial.Fill(row, random);
            Normal.Samples(random, normal, 0, 1);
            double stretch = Math.Sqrt(Degrees / Gamma.Sample(random, 0.5 * Degrees, 0.5));
            for (int k = 0; k < m; k++)
            {
                double sum = 0;
                for (int l = 0; l <= k; l++)
                    sum += factor[k, l] * normal[l];
                row[missing[k]] = (float)(centre[k] + stretch * sum);
            }
        }
    }

    public override double LogDensity(ReadOnlySpan<float> row, ReadOnlySpan<float> terms)
    {
        int m = missing.Length;
        Span<double> whitened = m <= 64 ? stackalloc double[m] : new double[m];
        double distance = 0;
        for (int k = 0; k < m; k++)
        {
            double rest = row[missing[k]] - centre[k];
            for (int l = 0; l < k; l++)
                rest -= factor[k, l] * whitened[l];
            whitened[k] = rest / factor[k, k];
            distance += whitened[k] * whitened[k];
        }
        return constant - 0.5 * (Degrees + m) * Math.Log(1 + distance / Degrees);
    }
}

/// <summary>A covariance as L Lᵀ.</summary>
internal static class Spread
{
    /// <summary>L, after as much is added to the diagonal as it takes.</summary>
    public static Matrix<double> Factor(Matrix<double> covariance)
    {
        double scale = covariance.Diagonal().AbsoluteMaximum();
        for (double share = 1e-10; ; share *= 100)
        {
            var raised = covariance.Clone();
            for (int k = 0; k < raised.RowCount; k++)
                raised[k, k] = Math.Max(raised[k, k], 0) + share * scale + 1e-14;
            try
            {
                return raised.Cholesky().Factor;
            }
            catch (ArgumentException) when (share < 1)
            {
                // Not positive definite yet.
            }
        }
    }
}
